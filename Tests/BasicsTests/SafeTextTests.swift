import Basics
import TestBasics
import Testing

@Suite("Text from outside, made safe")
struct SafeTextTests {
    @Test(
        "What cannot be seen, or changes how the rest is shown, is replaced",
        arguments: [
            ("Küche 居間 👋", "Küche 居間 👋"), ("a\nb\r\tc", "a?b??c"), ("\u{1b}[31m", "?[31m"), ("a\u{0}", "a?"),
            ("\u{202e}moor", "?moor"), ("a\u{2028}b\u{2029}c", "a?b?c"), ("\u{200d}\u{feff}", "??"),
            ("\u{e000}\u{378}", "??"), ("", ""),
        ]
    )
    func replaced(text: String, shown: String) {
        #expect(text.excerpt == shown)
        #expect(text.excerpt(upTo: 80, replacement: "\u{fffd}") == shown.replacing("?", with: "\u{fffd}"))
    }

    @Test("A text is cut by scalars, since one character can be of any length")
    func cut() {
        #expect(String(repeating: "x", count: 80).excerpt == String(repeating: "x", count: 80))
        #expect(String(repeating: "x", count: 81).excerpt == String(repeating: "x", count: 80) + "…")
        let long = "e" + String(repeating: "\u{301}", count: 10_000)
        #expect(long.count == 1)
        #expect(long.excerpt.unicodeScalars.count == 81)
        #expect("kitchen".excerpt(upTo: 3) == "kit…")
    }

    @Test("Whatever the text, nothing unsafe is left", arguments: 0..<50)
    func random(seed: Int) {
        var randomness = SeededGenerator(seed: seed)
        var text = String.UnicodeScalarView()
        for _ in 0..<60 {
            if let scalar = Unicode.Scalar(UInt32.random(in: 0..<0x110000, using: &randomness)) { text.append(scalar) }
        }
        let excerpt = String(text).excerpt
        let isSafe = excerpt.unicodeScalars.allSatisfy(\.isSafeToShow)
        #expect(isSafe)
        #expect(excerpt.unicodeScalars.count == text.count)
    }

    @Test(
        "White space at both ends is trimmed",
        arguments: [(" a b\n", "a b"), ("\t\u{a0}x", "x"), ("", ""), (" \r\n ", ""), ("x", "x")]
    )
    func trimmed(text: String, expected: String) {
        #expect(text.trimmed == expected)
    }

    @Test(
        "Names are listed as in a sentence, and not all of a thousand",
        arguments: [
            ([], "none"), (["Hall"], "Hall"), (["Hall", "Kitchen"], "Hall and Kitchen"),
            (["Hall", "Kit\nchen", "Study"], "Hall, Kit?chen and Study"),
        ] as [([String], String)]
    )
    func listing(names: [String], expected: String) {
        #expect(names.listing == expected)
        #expect((1...1000).map(String.init).listing.hasSuffix(", 24 and 976 more"))
        #expect([String(repeating: "x", count: 50)].listing == String(repeating: "x", count: 40) + "…")
    }
}
