"""The pieces of a plan become one file: pages, tags, links and bookmarks, valid as PDF/UA-1 and PDF/A-3a at once."""

import io
from dataclasses import dataclass, field
from hashlib import md5
from html import escape
from importlib.util import find_spec
from math import atan2, cos, hypot, sin
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, String

from matrix.plan.fonts import WEIGHTS, face
from matrix.plan.layout import FONT_URL, LINK, Laid
from matrix.plan.paper import target

FOOT_SIZE, LEFT, RIGHT, BASELINE = 8.5, 62.36, 532.9, 30.2  # points: within the margins of a page
GREY, PALE = "0.353 0.337 0.302 rg", "0.94 0.94 0.94 rg"
COVER = "plan-voorblad"  # what names it


@dataclass(frozen=True)
class About:
    """What the file says about itself."""

    title: str
    author: str
    subject: str
    attached: tuple[tuple[str, str, str, bytes], ...] = ()  # (name, kind, what it is, content)


class Whole:
    """The file as it grows, piece by piece. `foot` and `watermark` come on every page here, so that a plan that is
    fixed keeps its pieces."""

    def __init__(self, foot: str = "", watermark: str = ""):
        self.pdf, self.foot, self.watermark = pikepdf.new(), foot, watermark
        pdf = self.pdf
        root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self.tags = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, K=Array(), P=root))
        root.K = Array([self.tags])
        pdf.Root.StructTreeRoot = root
        self.parents = Array()  # number, what holds the marks of that page or annotation, number, …
        self.next_parent = 0
        self.faces = {FONT_URL.format(weight=weight).encode(): _Face(pdf, weight) for weight in WEIGHTS}
        self.pieces: list[_Piece] = []
        self.targets = {}
        self.own_font = _OwnFont(pdf, self.faces[FONT_URL.format(weight=WEIGHTS[0]).encode()], foot + watermark)

    def add(self, name: str, laid: Laid, *, after: int | None = None) -> None:
        """At the end, or after so many pieces."""
        source = pikepdf.open(io.BytesIO(laid.pdf))
        place = len(self.pieces) if after is None else after
        first = sum(piece.laid.pages for piece in self.pieces[:place])
        if first == len(self.pdf.pages):
            self.pdf.pages.extend(source.pages)
        else:
            for number, page in enumerate(source.pages, start=first):
                self.pdf.pages.insert(number, page)
        pages = [self.pdf.pages[first + i] for i in range(laid.pages)]
        piece = _Piece(name, laid, self._add_tags(source, pages))
        self.pieces.insert(place, piece)
        self._put_fonts_in(pages)
        for page in pages:
            self._link(page)
        self._remember(piece, pages)

    def _add_tags(self, source, pages) -> list:
        """Tags point to pages, and pages and annotations to tags by a number, which every piece counts from 0."""
        tree = self.pdf.copy_foreign(source.Root.StructTreeRoot)
        elements = list(tree.K[0].K)
        for element in elements:
            element.P = self.tags
        numbers = tree.ParentTree.Nums
        for i in range(0, len(numbers), 2):
            self.parents.append(int(numbers[i]) + self.next_parent)
            self.parents.append(numbers[i + 1])
        for page in pages:
            page.StructParents = int(page.StructParents) + self.next_parent
            for annotation in page.get("/Annots", ()):
                if "/StructParent" in annotation:
                    annotation.StructParent = int(annotation.StructParent) + self.next_parent
        self.next_parent += len(numbers) // 2
        return elements

    def _put_fonts_in(self, pages) -> None:
        """All pages of a piece have one and the same list of fonts; our own are only named there."""
        fonts = pages[0].Resources.get("/Font", Dictionary())
        for font in fonts.values():
            about = font.DescendantFonts[0].FontDescriptor if "/DescendantFonts" in font else Dictionary()
            if "/FontFile2" in about and int(about.FontFile2.Length1) < 99:
                own = self.faces[about.FontFile2.read_bytes().strip()]
                about.FontFile2, font.DescendantFonts[0].W = own.stream, own.widths
        fonts[self.own_font.name] = self.own_font.font
        pages[0].Resources.Font = fonts

    def _link(self, page) -> None:
        for annotation in page.get("/Annots", ()):
            address = str(annotation.get("/A", Dictionary()).get("/URI", ""))
            if address.startswith(LINK):
                annotation.Dest = String(address.removeprefix(LINK))
                annotation.Contents = String(f"Naar {address.removeprefix(LINK).replace('-', ' ')}")
                del annotation.A
            annotation.F = 4  # printed, as an archive asks

    def _remember(self, piece: "_Piece", pages) -> None:
        for index, heading in enumerate(piece.laid.headings):
            spot = _spot(pages[heading.page], heading.top)
            piece.headings.append((heading.level, heading.label, spot))
            self.targets[target(piece.name, index)] = spot
        for anchor, (page, top) in piece.laid.targets.items():
            self.targets.setdefault(anchor, _spot(pages[page], top))

    def finish(self, about: About) -> bytes:
        """No clock and no chance: the same pieces, added in the same order, give the same bytes."""
        pdf = self.pdf
        self.tags.K = Array([element for piece in self.pieces for element in piece.elements])
        self._write_on_pages()
        pdf.Root.StructTreeRoot.ParentTree = pdf.make_indirect(Dictionary(Nums=self.parents))
        pdf.Root.StructTreeRoot.ParentTreeNextKey = self.next_parent
        pdf.Root.MarkInfo = Dictionary(Marked=True)
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        pdf.Root.PageMode = Name.UseOutlines
        pdf.Root.Lang = String("nl")
        self._finish_targets()
        self._finish_outline()
        _attach(pdf, about.attached)
        _colours(pdf)
        _describe(pdf, about)
        body = io.BytesIO()
        pdf.save(
            body,
            linearize=False,
            compress_streams=True,
            recompress_flate=False,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
            min_version="1.7",
        )
        return body.getvalue()

    def _write_on_pages(self) -> None:
        total = len(self.pdf.pages)
        has_cover = bool(self.pieces) and COVER in self.pieces[0].laid.targets
        for number, page in enumerate(self.pdf.pages, start=1):
            if number > 1 or not has_cover:  # the cover has neither number nor foot
                self.own_font.write_foot(page, self.foot, f"pagina {number} van {total}")
            if self.watermark:
                self.own_font.write_across(page, self.watermark)

    def _finish_targets(self) -> None:
        names = Array()
        for name in sorted(self.targets, key=lambda name: name.encode()):
            names.append(String(name))
            names.append(self.targets[name])
        limits = self.pdf.make_indirect(Dictionary(Names=names))
        self.pdf.Root.Names = Dictionary(Dests=limits)

    def _finish_outline(self) -> None:
        with self.pdf.open_outline() as outline:
            open_at = [(0, outline.root)]
            for level, label, spot in [heading for piece in self.pieces for heading in piece.headings]:
                item = OutlineItem(label, spot)
                item.is_closed = level >= 2
                while open_at[-1][0] >= level:
                    open_at.pop()
                open_at[-1][1].append(item)
                open_at.append((level, item.children))


@dataclass
class _Piece:
    name: str
    laid: Laid
    elements: list  # of the tree of tags
    headings: list = field(default_factory=list)  # (level, label, spot)


def _spot(page, top: float) -> Array:
    height = float(page.MediaBox[3])
    return Array([page.obj, Name.XYZ, 0, round(height - top, 2), 0])


class _Face:
    """One weight of our typeface, for all pieces: the font itself, and the exact widths of its glyphs. WeasyPrint
    measures those on the page, and rounds them when the text is small."""

    def __init__(self, pdf, weight: int):
        from fontTools.ttLib import TTFont

        body = face(weight)
        self.font = TTFont(io.BytesIO(body), lazy=True)
        self.stream = pikepdf.Stream(pdf, body, Length1=len(body))
        em = self.font["head"].unitsPerEm
        of_name = self.font["hmtx"].metrics
        self.width = [round(of_name[name][0] * 1000 / em, 3) for name in self.font.getGlyphOrder()]
        self.widths = pdf.make_indirect(Array([0, Array(self.width)]))


class _OwnFont:
    """«pagina 3 van 12» is known when all pieces are there. It is text of the sheet, not of the plan: an artifact. And
    so is whether this is a concept."""

    name = "/Bladzijde"

    def __init__(self, pdf, own: _Face, signs: str):
        self.pdf, self.own = pdf, own
        order, cmap = own.font.getReverseGlyphMap(), own.font.getBestCmap()
        known = {sign for sign in f"paginv 0123456789{signs}" if ord(sign) in cmap}
        self.glyph = {sign: order[cmap[ord(sign)]] for sign in sorted(known)}
        self.font = pdf.make_indirect(self._dictionary(pdf, own))

    def _dictionary(self, pdf, own: _Face) -> Dictionary:
        head, about = own.font["head"], own.font["OS/2"]
        scale = 1000 / head.unitsPerEm
        box = [round(value * scale) for value in (head.xMin, head.yMin, head.xMax, head.yMax)]
        base = Name("/Source-Sans-3-Bladzijde")
        descriptor = Dictionary(
            Type=Name.FontDescriptor, FontName=base, Flags=4, FontBBox=Array(box), ItalicAngle=0,
            Ascent=round(about.sTypoAscender * scale), Descent=round(about.sTypoDescender * scale),
            CapHeight=round(about.sCapHeight * scale), StemV=80, FontFile2=own.stream,
        )  # fmt: skip
        descendant = Dictionary(
            Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=base, CIDToGIDMap=Name.Identity, W=own.widths,
            CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
            FontDescriptor=pdf.make_indirect(descriptor),
        )  # fmt: skip
        return Dictionary(
            Type=Name.Font, Subtype=Name.Type0, BaseFont=base, Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]), ToUnicode=pikepdf.Stream(pdf, self._to_unicode()),
        )  # fmt: skip

    def _to_unicode(self) -> bytes:
        lines = "\n".join(f"<{glyph:04x}> <{ord(sign):04x}>" for sign, glyph in sorted(self.glyph.items()))
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <ffff>\n"
            f"endcodespacerange\n{len(self.glyph)} beginbfchar\n{lines}\nendbfchar\n"
            "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
        ).encode()

    def _drawn(self, text: str) -> tuple[str, float]:
        """The glyphs, and how wide they are at a size of 1."""
        glyphs = [self.glyph[sign] for sign in text if sign in self.glyph]
        return "".join(f"{glyph:04x}" for glyph in glyphs), sum(self.own.width[glyph] for glyph in glyphs) / 1000

    def write_foot(self, page, left: str, right: str) -> None:
        glyphs, width = self._drawn(right)
        shown = f"1 0 0 1 {RIGHT - width * FOOT_SIZE:.2f} {BASELINE} Tm <{glyphs}> Tj"
        if left:
            shown += f" 1 0 0 1 {LEFT} {BASELINE} Tm <{self._drawn(left)[0]}> Tj"
        self._under(page, "/Footer", f"{GREY} {self.name} {FOOT_SIZE} Tf {shown}")

    def write_across(self, page, word: str) -> None:
        """From corner to corner, under the text, in a grey that leaves all text its contrast, also when printed."""
        glyphs, width = self._drawn(word)
        across, up = float(page.MediaBox[2]), float(page.MediaBox[3])
        angle = atan2(up, across)
        size = 0.66 * hypot(across, up) / width
        back, down = width * size / 2, 0.33 * size  # to the middle of the word, and of its capitals
        x = across / 2 - back * cos(angle) + down * sin(angle)
        y = up / 2 - back * sin(angle) - down * cos(angle)
        turn = f"{cos(angle):.4f} {sin(angle):.4f} {-sin(angle):.4f} {cos(angle):.4f} {x:.2f} {y:.2f} Tm"
        self._under(page, "/Watermark", f"{PALE} {self.name} {size:.2f} Tf {turn} <{glyphs}> Tj")

    def _under(self, page, kind: str, shown: str) -> None:
        content = f"q /Artifact <</Type /Pagination /Subtype {kind}>> BDC BT {shown} ET EMC Q\n"
        page.contents_add(pikepdf.Stream(self.pdf, content.encode()), prepend=True)


# ---- what an archive asks ----


def _colours(pdf) -> None:
    profile = pikepdf.Stream(pdf, _of_weasyprint("pdf/sRGB2014.icc"), N=3)
    intent = Dictionary(
        Type=Name.OutputIntent, S=Name.GTS_PDFA1, OutputConditionIdentifier=String("sRGB2014"), Info=String("sRGB2014"),
        DestOutputProfile=profile,
    )  # fmt: skip
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])


def _of_weasyprint(name: str) -> bytes:
    """Without importing it: this process lays nothing out itself."""
    return (Path(find_spec("weasyprint").origin).parent / name).read_bytes()


def _attach(pdf, attached) -> None:
    """The figures and words as data too, so that nobody ever has to read them back from pages."""
    if not attached:
        return
    names, all_of_them = Array(), Array()
    for name, kind, what, body in sorted(attached):
        stream = pikepdf.Stream(
            pdf, body, Type=Name.EmbeddedFile, Subtype=Name("/" + kind),
            Params=Dictionary(
                Size=len(body), CheckSum=String(md5(body, usedforsecurity=False).digest()),
                ModDate=String("D:20000101000000Z"),
            ),
        )  # fmt: skip
        about = Dictionary(
            Type=Name.Filespec, F=String(name), UF=String(name), Desc=String(what), AFRelationship=Name.Data,
            EF=Dictionary(F=stream, UF=stream),
        )  # fmt: skip
        about = pdf.make_indirect(about)
        names.extend([String(name), about])
        all_of_them.append(about)
    pdf.Root.Names.EmbeddedFiles = pdf.make_indirect(Dictionary(Names=names))
    pdf.Root.AF = all_of_them


def _describe(pdf, about: About) -> None:
    pdf.docinfo["/Title"], pdf.docinfo["/Author"] = about.title, about.author
    pdf.docinfo["/Subject"], pdf.docinfo["/Creator"] = about.subject, "Veerkracht"
    said = {name: escape(getattr(about, name)) for name in ("title", "author", "subject")}
    stream = pikepdf.Stream(pdf, _XMP.format(**said).encode())
    stream.Type, stream.Subtype = Name.Metadata, Name.XML
    pdf.Root.Metadata = pdf.make_indirect(stream)


# PDF/UA has no place in the list of what PDF/A knows, so the file brings the explanation of that one property along.
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>nl</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>Veerkracht</xmp:CreatorTool>
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the document conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""
