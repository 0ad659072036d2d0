import Basics
import Foundation

/// An answer of the cloud: JSON, as a table of where each of its values lies among the bytes.
///
/// The bytes are gone through once, and a text is copied when a field asks for it. A status is read at every poll, and with
/// Foundation's decoder that cost more than everything else that a poll does.
final class WireDocument: Sendable {
    /// A value, or the key of one in an object, which comes right before it.
    struct Node {
        enum Kind { case null, no, yes, number, text, escapedText, list, object }

        var kind: Kind
        /// Where it begins and ends; the quotes of a text do not count.
        var start: Int32
        var end: Int32
        /// The index after it and everything in it.
        var next: Int32
        /// The index of what it is in; -1 for the whole.
        var parent: Int32
    }

    private let bytes: [UInt8]
    private let nodes: [Node]
    private let notes: SurpriseNotes?

    /// Reads strict JSON.
    ///
    /// - Parameter notes: Collects what is left out.
    /// - Returns: `nil` if it is not JSON.
    init?(_ bytes: [UInt8], noting notes: SurpriseNotes? = nil) {
        var reader = WireReader(bytes)
        guard let nodes = try? reader.document() else { return nil }
        self.bytes = bytes
        self.nodes = nodes
        self.notes = notes
    }

    /// The whole.
    var value: WireValue { WireValue(document: self, index: 0) }

    func text(at index: Int) -> String? {
        let node = nodes[index]
        let (start, end) = (Int(node.start), Int(node.end))
        return switch node.kind {
        case .text: String(decoding: bytes[start..<end], as: UTF8.self)
        // It is rare, and Foundation knows every escape.
        case .escapedText: try? JSONDecoder().decode(String.self, from: Data(bytes[start - 1...end]))
        default: nil
        }
    }

    func number(at index: Int) -> Double? {
        let node = nodes[index]
        guard node.kind == .number else { return nil }
        let number = Double(String(decoding: bytes[Int(node.start)..<Int(node.end)], as: UTF8.self))
        return number.flatMap { $0.isFinite ? $0 : nil }
    }

    func flag(at index: Int) -> Bool? {
        switch nodes[index].kind {
        case .yes: true
        case .no: false
        default: nil
        }
    }

    func isNull(at index: Int) -> Bool { nodes[index].kind == .null }

    func isObject(at index: Int) -> Bool { nodes[index].kind == .object }

    /// The first value under a key of an object.
    func member(_ key: String, at index: Int) -> Int? {
        var position = index + 1
        while position < nodes[index].next {
            if isKey(key, at: position) { return position + 1 }
            position = Int(nodes[position + 1].next)
        }
        return nil
    }

    private func isKey(_ key: String, at index: Int) -> Bool {
        let node = nodes[index]
        guard node.kind == .text else { return text(at: index) == key }
        let (start, end) = (Int(node.start), Int(node.end))
        guard end - start == key.utf8.count else { return false }
        var position = start
        for byte in key.utf8 {
            guard bytes[position] == byte else { return false }
            position += 1
        }
        return true
    }

    /// The elements of a list; `nil` for anything else.
    func elements(at index: Int) -> [Int]? {
        guard nodes[index].kind == .list else { return nil }
        var elements: [Int] = []
        var position = index + 1
        while position < nodes[index].next {
            elements.append(position)
            position = Int(nodes[position].next)
        }
        return elements
    }

    func note(at index: Int, suffix: String) {
        guard let notes else { return }
        var levels: [String] = []
        var index = index
        while nodes[index].parent >= 0 {
            let parent = Int(nodes[index].parent)
            let key = nodes[parent].kind == .object ? text(at: index - 1) ?? "" : nil
            levels.append(key.map { "." + $0.excerpt(upTo: 60) } ?? "[]")
            index = parent
        }
        notes.note(levels.reversed().joined() + suffix)
    }
}

private struct NotJSON: Error {}

/// Goes through the bytes once.
private struct WireReader {
    private static let maximumDepth = 64
    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

    private let bytes: [UInt8]
    private var position = 0
    private var nodes: [WireDocument.Node] = []
    private var isASCII = true

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        // A status has a value in some ten bytes.
        nodes.reserveCapacity(bytes.count / 10)
    }

    mutating func document() throws(NotJSON) -> [WireDocument.Node] {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        try value(in: -1, depth: 0)
        skipWhiteSpace()
        guard position == bytes.count, bytes.count < Int32.max else { throw NotJSON() }
        guard isASCII || String(validating: bytes, as: UTF8.self) != nil else { throw NotJSON() }
        return nodes
    }

    private mutating func value(in parent: Int, depth: Int) throws(NotJSON) {
        skipWhiteSpace()
        switch peek {
        case UInt8(ascii: "{"): try children(.object, until: UInt8(ascii: "}"), in: parent, depth: depth)
        case UInt8(ascii: "["): try children(.list, until: UInt8(ascii: "]"), in: parent, depth: depth)
        case UInt8(ascii: "\""): try text(in: parent)
        case UInt8(ascii: "t"): try word("true", .yes, in: parent)
        case UInt8(ascii: "f"): try word("false", .no, in: parent)
        case UInt8(ascii: "n"): try word("null", .null, in: parent)
        default: try number(in: parent)
        }
    }

    private mutating func children(
        _ kind: WireDocument.Node.Kind,
        until end: UInt8,
        in parent: Int,
        depth: Int
    ) throws(NotJSON) {
        guard depth < Self.maximumDepth else { throw NotJSON() }
        let index = nodes.count
        add(kind, from: position, in: parent)
        position += 1
        skipWhiteSpace()
        if peek == end {
            position += 1
            return
        }
        repeat {
            if kind == .object {
                skipWhiteSpace()
                guard peek == UInt8(ascii: "\"") else { throw NotJSON() }
                try text(in: index)
                skipWhiteSpace()
                try take(UInt8(ascii: ":"))
            }
            try value(in: index, depth: depth + 1)
            skipWhiteSpace()
        } while skip(UInt8(ascii: ","))
        try take(end)
        nodes[index].next = Int32(truncatingIfNeeded: nodes.count)
    }

    private mutating func text(in parent: Int) throws(NotJSON) {
        position += 1
        let start = position
        var kind = WireDocument.Node.Kind.text
        while let byte = peek, byte != UInt8(ascii: "\"") {
            if byte < 0x20 { throw NotJSON() }
            if byte >= 0x80 { isASCII = false }
            if byte == UInt8(ascii: "\\") {
                kind = .escapedText
                position += 1
            }
            position += 1
        }
        add(kind, from: start, in: parent)
        try take(UInt8(ascii: "\""))
    }

    private mutating func number(in parent: Int) throws(NotJSON) {
        let start = position
        _ = skip(UInt8(ascii: "-"))
        let startsWithZero = peek == UInt8(ascii: "0")
        let first = position
        try skipDigits()
        if startsWithZero, position > first + 1 { throw NotJSON() }
        if skip(UInt8(ascii: ".")) { try skipDigits() }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            if !skip(UInt8(ascii: "+")) { _ = skip(UInt8(ascii: "-")) }
            try skipDigits()
        }
        add(.number, from: start, in: parent)
    }

    private mutating func word(
        _ word: StaticString,
        _ kind: WireDocument.Node.Kind,
        in parent: Int
    ) throws(NotJSON) {
        let start = position
        for byte in UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount) { try take(byte) }
        add(kind, from: start, in: parent)
    }

    /// Adds what ends here, or only begins here.
    private mutating func add(_ kind: WireDocument.Node.Kind, from start: Int, in parent: Int) {
        nodes.append(
            WireDocument.Node(
                kind: kind,
                start: Int32(truncatingIfNeeded: start),
                end: Int32(truncatingIfNeeded: position),
                next: Int32(truncatingIfNeeded: nodes.count + 1),
                parent: Int32(truncatingIfNeeded: parent)
            )
        )
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position += 1
        return true
    }

    private mutating func take(_ byte: UInt8) throws(NotJSON) {
        guard skip(byte) else { throw NotJSON() }
    }

    private mutating func skipDigits() throws(NotJSON) {
        let start = position
        while let byte = peek, Self.digits ~= byte { position += 1 }
        guard position > start else { throw NotJSON() }
    }

    private mutating func skipWhiteSpace() {
        while let byte = peek, byte == 32 || byte == 9 || byte == 10 || byte == 13 { position += 1 }
    }
}
