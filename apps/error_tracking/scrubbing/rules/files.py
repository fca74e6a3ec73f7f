"""Files and folders, which people name after people."""

import re

from .. import policy
from .rule import Anchored, Rule, matches

_SHARED_FOLDERS = frozenset(
    "app runner ubuntu user circleci vsts docker node django web www www-data deploy jovyan vagrant vscode codespace ec2-user admin git shared public default runneradmin [redacted]".split()
)


def _is_shared(match: re.Match[str]) -> bool:
    # A home that is nobody's, a placeholder, or the address of a page: GET /home/photos.
    requested = re.search(
        r"(?:GET|POST|PUT|PATCH|DELETE|HEAD) $|https?://[^\s]{1,200}$",
        match.string[max(0, match.start() - 220) : match.start()],
    )
    return match["name"].lower() in _SHARED_FOLDERS or match["name"][0] in "${<%[" or requested is not None


RULES = (
    Rule(
        "file_name",
        "People name files after people. The ending is enough.",
        r"filename|file_name|\.(?:jpe?g|png|gif|webp|heic|pdf|docx?|xlsx?|mp4|mov|zip|csv)",
        matches(
            r"(?i)(?P<label>(?<![a-z])(?:file_?name|original_?(?:file_?)?name|upload(?:ed)?_?(?:file)?(?:name)?|(?:upload|file|image|photo|attachment|document)\.name)\*?"
            r"\\{0,3}[\"']?\]?\s{0,2}[=:]\s{0,2}(?:utf-8'[a-z]{0,5}')?)(?P<quote>\\{0,3}[\"']?)(?P<name>[^\"'\\\r\n;<>/]{1,4096}?)"
            r"(?P<ending>\.(?:jpe?g|png|gif|webp|heic|heif|tiff?|bmp|svg|pdf|docx?|xlsx?|pptx?|odt|mp4|mov|avi|mp3|wav|zip|rar))(?![\w.])",
            lambda match: (
                match[0] if match["name"] == "upload" else f"{match['label']}{match['quote']}upload{match['ending']}"
            ),
        ),
        needs="=:",
        least=10,
        sketch=(Anchored(r"(?:file_?name|original_?name|upload)", r"\w*\*?[\\\"'\]\s]{0,8}[=:]"),),
    ),
    Rule(
        "file_name",
        "The same, where a library shows what was uploaded.",
        r"uploadedfile|image file|name too long|upload|traversal|bytesio|=@",
        matches(
            r"(?P<label>UploadedFile(?:: |\(name=['\"])|File name too long: ['\"](?:[^'\"\s]{0,200}/)?|image file ['\"]?(?:[^'\"\s]{0,200}/)?|name='|(?i:upload(?:ed)?(?: of| file)?) ['\"]?(?:[^'\"\s]{0,200}/)?|traversal attempt in ['\"](?:[^'\"\s]{0,200}/)?|=@)"
            r"(?P<name>[^'\"/\r\n;<>()]{1,255}?)(?P<ending>\.(?i:jpe?g|png|gif|webp|heic|heif|tiff?|bmp|pdf|docx?|xlsx?|mp4|mov))(?![\w.])",
            lambda match: match[0] if match["name"] == "upload" else f"{match['label']}upload{match['ending']}",
        ),
        needs=":'\"(@=/",
        least=8,
        sketch=(
            Anchored(
                r"(?:uploadedfile|image file|name too long: |name='|upload|traversal|=@)",
                r"[^\x00]*\.(?:jpe?g|png|gif|webp|heic|heif|tiff?|bmp|pdf|docx?|xlsx?|mp4|mov)",
            ),
        ),
    ),
    Rule(
        "file_name",
        "A model's file field shows the path in the storage, which may end as the upload was called.",
        r"fieldfile: |contentfile: ",
        matches(
            r"(?P<label><(?:Image|File)?(?:Field|Content)File: (?:[^<>\n]{0,255}/)?)(?![0-9a-fA-F-]{16,40}\.|upload\.)(?=[^<>/\n]{0,60}[^\W\d_]{3})[^<>/\n]{1,255}?(?P<ending>\.\w{1,8})?(?=>)",
            lambda match: f"{match['label']}upload{match['ending'] or ''}",
        ),
        needs="<",
        least=16,
    ),
    Rule(
        "user_folder",
        "A home folder is named after its owner.",
        r"user=|logname=|~[a-z]{2,32}/|home\$|/home/|/users/|\\users\\|\\documents and settings\\",
        matches(
            r"(?P<lead>(?<![\w.])/home/|/Users/|(?:^|(?<=[\s'\"]))~(?=[a-z]{2,32}/)|\b(?:USER|LOGNAME|SUDO_USER)=(?!root\b)|\\{1,4}home\$\\{1,4}|\b[A-Za-z]:(?:\\{1,8}|/)(?:Users|Documents and Settings)(?:\\{1,8}|/))(?P<name>[^\\/\s\"':,;<>()\[\]]{1,64})",
            lambda match: match[0] if _is_shared(match) else match["lead"] + policy.REDACTED,
        ),
        needs="/\\~=",
        least=7,
        sketch=(
            r"(?-i:/home/|/Users/)",
            Anchored(r"[\s'\"\x00]~[a-z]", r"[a-z]{1,31}/"),
            r"\b(?-i:USER|LOGNAME|SUDO_USER)=",
            r"home\$\\",
            r":[\\/]+(?-i:Users|Documents and Settings)[\\/]",
        ),
    ),
)
