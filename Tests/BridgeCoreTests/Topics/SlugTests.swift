import TestBasics
import Testing

@testable import BridgeCore

@Suite("Slugs")
struct SlugTests {
    @Test(
        "A name becomes one level of a topic",
        arguments: [
            ("Living Room", "living_room"),
            ("Küche", "küche"),
            ("Ku\u{308}che", "küche"),
            ("ÉTAGE 2", "étage_2"),
            ("Гостиная", "гостиная"),
            ("居間", "居間"),
            ("غرفة", "غرفة"),
            ("हिन्दी कमरा", "हिन्दी_कमरा"),
            ("ක්\u{200d}ෂ", "ක්ෂ"),
            ("Bad/WC", "bad_wc"),
            ("+", "_"),
            ("#", "_"),
            ("$SYS", "_sys"),
            ("a\u{0}b\nc", "a_b_c"),
            ("/\u{301}x", "_x"),
            ("\u{301}x", "_x"),
            ("👨‍👩‍👧 Kids", "__kids"),
            ("1\u{fe0f}\u{20e3}", "_"),
            ("\u{202e}moor", "_moor"),
            ("\u{3164}", "_"),
            ("Ⅷ ½ ²", "_____"),
            ("   ", "___"),
            ("MusiKk", "musikk"),
        ]
    )
    func slug(name: String, slug: String) {
        #expect(Slug(name)?.description == slug)
    }

    @Test("A name of no characters has no slug")
    func empty() {
        #expect(Slug("") == nil)
    }

    @Test("A long name stays long")
    func long() {
        #expect(Slug(String(repeating: "Ab ", count: 67))?.description == String(repeating: "ab_", count: 67))
    }

    @Test("Whatever the name, nothing of it can be read as topic structure", arguments: 0..<200)
    func random(seed: Int) {
        var randomness = SeededGenerator(seed: seed)
        let hostile: [Unicode.Scalar] = [
            "/", "+", "#", "$", "\u{0}", "\u{301}", "\u{200d}", "\u{202e}", "\u{fe0f}", "é", "A",
        ]
        var name = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 1...30, using: &randomness) {
            let any = Unicode.Scalar(UInt32.random(in: 0..<0x110000, using: &randomness))
            name.append(Bool.random(using: &randomness) ? any ?? "a" : hostile.randomElement(using: &randomness) ?? "a")
        }
        let slug = Slug(String(name))?.description ?? ""
        #expect(!slug.isEmpty)
        for scalar in slug.unicodeScalars {
            #expect(scalar.value >= 0x20 && !"/+#$".unicodeScalars.contains(scalar))
            #expect(!scalar.properties.isDefaultIgnorableCodePoint)
        }
    }

    @Test("Equal names are numbered")
    func doubles() {
        var levels = UniqueLevels(reserved: ["bridge"])
        let names = ["bath", "bath", "bath_2", "bath", "bridge"].map { levels.level(for: $0) }
        #expect(names == ["bath", "bath_2", "bath_2_2", "bath_3", "bridge_2"])
    }
}
