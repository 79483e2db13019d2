"""A page as a reader's browser sees it: its links, its texts, and what is wrong with its markup."""

from html.parser import HTMLParser

VOID = {"meta", "link", "img", "input", "br", "rect", "path", "circle"}
LOADS = {("link", "href"), ("script", "src"), ("img", "src"), ("iframe", "src"), ("object", "data"), ("use", "href")}
ATTRIBUTES = ("href", "src", "data-search")


class Page(HTMLParser):
    """Parses strictly: every element is closed in its order, no id twice, no inline script, style or handler."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.lang = ""
        self.title = ""
        self.viewport = False
        self.words: list[str] = []
        self.headings: list[int] = []
        self.feed(text)
        self.close()
        self.wrong += [f"<{tag}> is never closed" for tag in self.open]
        self.wrong += ["an id is there twice"] * (len(self.ids) - len(set(self.ids)))

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attrs) -> None:
        found = dict(attrs)
        self.wrong += [f"<{tag}> has a {name}" for name in found if name == "style" or name.startswith("on")]
        self.wrong += ["an inline script"] if tag == "script" and "src" not in found else []
        self.wrong += ["an inline style"] if tag == "style" else []
        self.wrong += ["a picture without alt"] if tag == "img" and "alt" not in found else []
        self.ids += [found["id"]] if "id" in found else []
        self.links += [link for name in ATTRIBUTES if name in found for link in found[name].split(" ")]
        self.loads += [found[name] for kind, name in LOADS if kind == tag and name in found]
        self.headings += [int(tag[1])] if tag in ("h1", "h2", "h3") else []
        if tag == "html":
            self.lang = found.get("lang", "")
        self.viewport |= tag == "meta" and found.get("name") == "viewport"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag) -> None:
        if not self.open or self.open[-1] != tag:
            self.wrong.append(f"</{tag}> closes {self.open[-1:]} in line {self.getpos()[0]}")
        if tag in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(tag) :]

    def handle_data(self, data) -> None:
        self.words.append(data)
        self.title += data if self.open[-1:] == ["title"] and "svg" not in self.open else ""
