"""The options of a curl command: which take a value, and what those that say something about a request mean together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from app.text.sentences import message, tr

# Those of curl 8 that take a value (`curl --help all`), but for protocols that are not HTTP.
_NAMES = """
abstract-unix-socket alt-svc aws-sigv4 cacert capath cert cert-type ciphers config connect-timeout connect-to
continue-at cookie cookie-jar create-file-mode crlfile curves data data-ascii data-binary data-raw data-urlencode
dns-interface dns-ipv4-addr dns-ipv6-addr dns-servers doh-url dump-header ech egd-file engine etag-compare etag-save
expect100-timeout form form-string happy-eyeballs-timeout-ms haproxy-clientip header help hostpubmd5 hostpubsha256 hsts
interface ip-tos ipfs-gateway json keepalive-cnt keepalive-time key key-type libcurl limit-rate local-port max-filesize
max-redirs max-time netrc-file noproxy oauth2-bearer output output-dir parallel-max pass pinnedpubkey preproxy proto
proto-default proto-redir proxy proxy-cacert proxy-cert proxy-cert-type proxy-ciphers proxy-header proxy-key proxy-pass
proxy-user proxy1.0 pubkey random-file range rate referer request request-target resolve retry retry-delay
retry-max-time sigalgs socks4 socks4a socks5 socks5-hostname speed-limit speed-time stderr time-cond tls-max
tls13-ciphers trace trace-ascii trace-config unix-socket upload-file url url-query user user-agent variable
vlan-priority write-out
"""
_WITH_VALUE = frozenset(_NAMES.split())
_ALONE = frozenset({"head", "netrc", "parallel"})  # whole names without a value that begin one with a value
_SHORT = {
    "X": "request", "A": "user-agent", "o": "output", "m": "max-time", "e": "referer", "b": "cookie", "c": "cookie-jar",
    "F": "form", "w": "write-out", "T": "upload-file", "K": "config", "d": "data", "H": "header", "u": "user", "x": "proxy",
    "C": "continue-at", "D": "dump-header", "E": "cert", "r": "range", "t": "telnet-option", "U": "proxy-user",
    "y": "speed-time", "Y": "speed-limit", "z": "time-cond", "h": "help", "P": "ftp-port", "Q": "quote",
}  # fmt: skip
_SHORT_ALONE = {"k": "insecure", "G": "get"}
_DATA = ("data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "json")
# What changes where a request goes, or what is in it, and has no place in a profile.
_LEFT_OUT = {
    "insecure": message("The command does not check the certificate (-k); this was not taken over."),
    "cookie": message("Its cookies (-b) were left out."),
    "form": message("It sends a form (-F), which is no JSON body and was not taken over."),
    "form-string": message("It sends a form (--form-string), which is no JSON body and was not taken over."),
    "upload-file": message("It sends a file (-T), which was not read."),
    "config": message("Some of its options are in a file (-K), which was not read."),
    "netrc": message("Its key is in the file .netrc (-n), which was not read."),
    "unix-socket": message("It asks through a Unix socket (--unix-socket); this was not taken over."),
    "resolve": message("It sends the request to another address than the host's (--resolve); this was not taken over."),
    "connect-to": message("It sends the request to another host (--connect-to); this was not taken over."),
    "cert": message("It shows a certificate of its own (--cert); this was not taken over."),
    "aws-sigv4": message("It signs the request (--aws-sigv4), which Diptych does not."),
}


@dataclass
class Given:
    """The options with their values, under one name each: "header", "data" and its like, `--url` and so on.

    Attributes:
        options: in their order.
        stdin: what `@-` stands for; None where that is not known.
        more_commands: how many more commands the text holds.
    """

    options: list[tuple[str, str]] = field(default_factory=list)
    stdin: str | None = None
    more_commands: int = 0

    def __post_init__(self) -> None:
        self.options = [(name.removeprefix("--"), value) for name, value in self.options]

    @property
    def url(self) -> str:
        """The first address; "" for none."""
        return next((value for name, value in self.options if name == "url" and value.strip()), "")

    def all(self, name: str) -> list[str]:
        return [value for one, value in self.options if one == name]

    def last(self, name: str) -> str:
        """The value that counts of an option that is given once; "" for none."""
        return next(iter(reversed(self.all(name.removeprefix("--")))), "")

    @property
    def _moves_data(self) -> bool:
        """Whether the data go into the address (-G)."""
        return any(name == "get" for name, _ in self.options)

    def query_parts(self) -> list[str]:
        """What the options add to the address's query."""
        parts = [value.removeprefix("+") for value in self.all("url-query")]
        return parts + ([text for text in self._data() if text] if self._moves_data else [])

    def body(self) -> str | None:
        """What is sent; None for nothing, and for what is in a file."""
        parts = list(self._data())
        if self._moves_data or not parts or None in parts:
            return None
        glue = "" if all(name == "json" for name, _ in self.options if name in _DATA) else "&"
        return glue.join(filter(None, parts))

    def _data(self) -> Iterator[str | None]:
        """Each part of the data, None for what is not known."""
        for name, value in self.options:
            if name not in _DATA:
                continue
            if name == "data-urlencode":
                begin, mark, text = value.partition("=")
                yield f"{begin}{mark}{quote(text, safe='')}" if mark else quote(value, safe="")
            elif name == "data-raw" or not value.startswith("@"):
                yield value
            else:
                yield self.stdin if value == "@-" else None

    def notes(self) -> Iterator[str]:
        """Sentences on what has no place in a profile."""
        names = {name for name, _ in self.options}
        yield from (tr(sentence) for name, sentence in _LEFT_OUT.items() if name in names)
        files = [value[1:] for name, value in self.options if name in _DATA and name != "data-raw" and value[:1] == "@"]
        if None in list(self._data()):
            inputs = [file for file in files if file != "-" or self.stdin is None]
            if inputs == ["-"]:
                yield tr("Its body is in its standard input, which was not read.")
            else:
                yield tr("Its body is in the file {file}, which was not read.", file=inputs[0][:100])
        if self.more_commands:
            yield tr("There are more commands or addresses in the text; the first was read.")


def given_by(words: Sequence[str], stdin: str | None = None) -> Given:
    """The options that the words of a command give, up to a `--next`."""
    options: list[tuple[str, str]] = []
    variables: dict[str, str] = {}
    more = 0
    pending = iter(words)
    for word in pending:
        if word in ("--next", "-:"):
            more = 1
            break
        name, glued, rest = _split(word)
        options += [(one, "") for one in rest]
        if name == "":
            options += [("url", word)] if word.strip() and not rest else []
            continue
        expands = name.startswith("expand-")
        name = name.removeprefix("expand-")
        value = (glued or next(pending, "")) if name in _WITH_VALUE else ""
        if name == "variable":
            known, mark, text = value.partition("=")
            variables |= {known: text} if mark and not known.startswith("%") else {}
        for known, text in variables.items() if expands else ():
            value = value.replace("{{" + known + "}}", text)
        options.append((name, value))
    addresses = sum(name == "url" and "://" in value for name, value in options)
    return Given(options, stdin, more + max(0, addresses - 1))


def _split(word: str) -> tuple[str, str, list[str]]:
    """An option's name, the value attached to it, and the options glued before it: `--url=X`, `-XPOST`, `-sSkd`.

    No name for a word that is no option, and for options alone that are glued together.
    """
    if word.startswith("--") and len(word) > 2:
        name, _, glued = word[2:].partition("=")
        return _whole(name), glued, []
    alone: list[str] = []
    if word.startswith("-") and len(word) > 1:
        for at, letter in enumerate(word[1:], start=1):
            if letter in _SHORT:
                return _SHORT[letter], word[at + 1 :], alone
            alone.append(_SHORT_ALONE.get(letter, letter))
    return "", "", alone


def _whole(name: str) -> str:
    """A long option's whole name: curl takes any beginning that only one of them has."""
    prefix = "expand-" if name.startswith("expand-") else ""
    name = name.removeprefix(prefix)
    if name in _WITH_VALUE or name in _ALONE or len(name) < 4:
        return prefix + name
    found = [one for one in _WITH_VALUE if one.startswith(name)]
    return prefix + (found[0] if len(found) == 1 else name)
