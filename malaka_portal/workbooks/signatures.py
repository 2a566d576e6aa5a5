"""What a file is, by what is in it: a name can say anything."""

import re
import zlib
from zipfile import BadZipFile, ZipFile

from malaka_portal.workbooks import limits
from malaka_portal.workbooks.refused import Refused

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls, and of whatever has a password
_BIFF = re.compile(rb"\x09[\x02\x04\x08][\x04-\x10]\x00|\x09\x00\x04\x00\x02\x00")  # bare, of 1995
_LOCKED = re.compile(rb"\x09\x08\x10\x00.{16}\x2f\x00", re.S)  # its first record is a FILEPASS
_MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|table|meta|\?xml|!--)", re.I
)
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_OTHERS += (b"{\\rtf", b"\x7fELF", b"MZ\x90")
_TYPES = "[Content_Types].xml"
_SYMLINK = 0o120000


def kind_of(file):
    """`workbook` or `text`, for an open file; what is neither, or is not safe, is `Refused`."""
    head = file.read(4096)
    file.seek(0)
    if not head:
        raise Refused("file_empty")
    if head.startswith(_ZIP):
        _check_archive(file)
        return "workbook"
    if head.startswith(_OLE):
        _check_container(file)
        return "workbook"
    if _BIFF.match(head):
        raise Refused("file_other_format")
    if _MARKUP.match(head):
        raise Refused("file_web_page")
    if head.startswith(_OTHERS):
        raise Refused("file_not_spreadsheet")
    return "text"


def _check_container(file):
    """The names of an OLE container's streams are in UTF-16."""
    content = file.read(limits.WORKBOOK.megabytes * limits.MEGABYTE + 1)
    file.seek(0)

    def has(name):
        return name.encode("utf-16-le") in content

    if has("EncryptedPackage") or _LOCKED.search(content):
        raise Refused("file_password")
    if has("WordDocument") or has("PowerPoint Document"):
        raise Refused("file_not_spreadsheet")
    if has("_VBA_PROJECT"):
        raise Refused("file_macros")


def _check_archive(file):
    try:
        with ZipFile(file) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            _check_names(members)
            _check_format(archive, names)
            _check_sizes(members)
            _check_markup(archive, members)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, KeyError):
        raise Refused("file_damaged") from None
    file.seek(0)


def _check_names(members):
    if len(members) > limits.MEMBERS:
        raise Refused("file_too_heavy")
    for member in members:
        parts = member.filename.replace("\\", "/").split("/")
        linked = member.external_attr >> 16 & 0o170000 == _SYMLINK
        if ".." in parts or parts[0].endswith(":") or member.filename.startswith("/") or linked:
            raise Refused("file_damaged")
        if member.flag_bits & 1:
            raise Refused("file_password")


def _check_format(archive, names):
    if "xl/workbook.xml" not in names or _TYPES not in names:
        raise Refused("file_other_format" if _is_office(names) else "file_not_spreadsheet")
    if archive.getinfo(_TYPES).file_size > limits.MEGABYTE:
        raise Refused("file_damaged")
    if "xl/vbaProject.bin" in names or b"macroEnabled" in archive.read(_TYPES):
        raise Refused("file_macros")


def _is_office(names):
    return bool(names & {"xl/workbook.bin", "mimetype", "Index/Document.iwa"})


def _check_sizes(members):
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > limits.UNPACKED:
        raise Refused("file_too_heavy")
    if unpacked > limits.SMALL and unpacked > limits.RATIO * packed:
        raise Refused("file_too_heavy")


def _check_markup(archive, members):
    """No part of a workbook declares entities: whatever does is an attack (XXE, billion laughs)."""
    for member in members:
        if member.filename.endswith((".xml", ".rels")):
            with archive.open(member) as part:
                if b"<!DOCTYPE" in part.read(2048):
                    raise Refused("file_damaged")
