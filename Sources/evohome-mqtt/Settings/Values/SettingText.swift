extension Character {
    /// A digit from 0 to 9; those of other scripts are not numbers here.
    var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}

extension String {
    /// The text without white space at its ends, which editors and environment files leave behind.
    var trimmed: String {
        guard let start = firstIndex(where: { !$0.isWhitespace }), let end = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[start...end])
    }

    /// Whether the text has anything that no line of text holds, such as a NUL or a line break.
    var hasControlCharacters: Bool {
        unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    /// The text with its percent-encoded bytes decoded; nil where an encoding is broken or the bytes are no UTF-8.
    var percentDecoded: String? {
        var bytes: [UInt8] = []
        var rest = utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
                let text = String(digits), let decoded = UInt8(text, radix: 16)
            else { return nil }
            bytes.append(decoded)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// The text for a message: on one line, without control characters, and not endless.
    var printable: String {
        let shown = unicodeScalars.prefix(200).map {
            $0.properties.generalCategory == .control ? "\u{FFFD}" : String($0)
        }
        return shown.joined() + (unicodeScalars.count > 200 ? "…" : "")
    }
}
