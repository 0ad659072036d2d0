import Basics

extension Character {
    /// A digit from 0 to 9; those of other scripts are not numbers here.
    var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}

extension String {
    /// Whether the text has anything that no line of text holds, such as a NUL or a line break.
    var hasControlCharacters: Bool {
        unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    /// Whether the text begins and ends with the same quotation mark.
    var isQuoted: Bool {
        guard count > 1, let first, first == last else { return false }
        return first == "\"" || first == "'"
    }

    /// A path with the home folder in place of a leading `~`, which only a shell knows; `nil` if there is no home folder.
    func expandingHome(_ home: String?) -> String? {
        guard hasPrefix("~/") else { return self }
        return home.map { $0 + dropFirst() }
    }

    /// The text for a message. Values of settings, such as paths, are longer than names.
    var printable: String { excerpt(upTo: 200, replacement: "\u{FFFD}") }

    /// An address without the user and password that it holds, whether or not it is a good address.
    ///
    /// Of one without a host, such as `mqtt://user:password`, all behind the colon is hidden unless it is a port.
    var withoutUserInformation: String {
        let start = firstRange(of: "://").map(\.upperBound) ?? startIndex
        if let at = lastIndex(of: "@") { return start <= at ? self[..<start] + "<secret>" + self[at...] : "<secret>" }
        guard let colon = self[start...].firstIndex(of: ":"), !self[start...].hasPrefix("[") else { return self }
        let authority = self[start...].prefix { !"/?#".contains($0) }
        let port = authority[colon...].dropFirst()
        // `ws://broker:9001/mqtt` has a port, `fe80::1` is an address without brackets.
        let isPort = port.count <= 5 && port.allSatisfy(\.isASCIIDigit)
        let isIPv6 = port.contains(":") && authority.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
        return isPort || isIPv6 ? self : self[...colon] + "<secret>"
    }
}

extension Collection<UInt8> where SubSequence: Sendable {
    /// The content of a text file without the byte order mark that editors on Windows put at its start.
    var withoutByteOrderMark: SubSequence { starts(with: [0xEF, 0xBB, 0xBF]) ? dropFirst(3) : self[...] }
}

/// Finds the known name that someone probably meant.
enum NearestName {
    /// - Parameters:
    ///   - unknown: The name as written.
    ///   - known: The names that exist.
    /// - Returns: The nearest name if at most a third of the letters differ, otherwise one that ends in the same word;
    ///   `nil` if there is none.
    static func suggestion(for unknown: String, among known: [String]) -> String? {
        // The work grows with the length, and no key is nearly as long.
        guard unknown.count <= 64 else { return nil }
        let distances = known.map {
            (name: $0, distance: distance(Array(unknown.lowercased()), Array($0.lowercased())))
        }
        if let nearest = distances.min(by: { $0.distance < $1.distance }), nearest.distance <= max(2, unknown.count / 3)
        {
            return nearest.name
        }
        let word = unknown.split(separator: ".").last
        return known.first { $0.split(separator: ".").last == word }
    }

    /// How many letters to insert, remove, replace or swap with their neighbour to turn one name into the other.
    static func distance(_ first: [Character], _ second: [Character]) -> Int {
        var rows = [Array(0...second.count)]
        for i in first.indices {
            var row = [i + 1]
            for j in second.indices {
                let replaced = rows[i][j] + (first[i] == second[j] ? 0 : 1)
                var best = min(replaced, rows[i][j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
                    best = min(best, rows[i - 1][j - 1] + 1)
                }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[first.count][second.count]
    }
}
