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
