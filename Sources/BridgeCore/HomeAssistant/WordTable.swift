/// The bridge's words for something, each with Home Assistant's.
struct WordTable {
    let words: [(ours: String, theirs: String)]

    /// Only those whose word of ours is possible here.
    func filter(_ isPossible: (String) -> Bool) -> WordTable {
        WordTable(words: words.filter { isPossible($0.ours) })
    }

    /// Home Assistant's words.
    var theirs: [JSONValue] { words.map { .string($0.theirs) } }

    /// Says Home Assistant's word for the mode.
    ///
    /// - Parameter other: Its word for a mode that is not in the table.
    func stateTemplate(else other: String) -> JSONValue {
        lookUp("value_json.mode", in: words.map { ($0.ours, $0.theirs) }, else: other)
    }

    /// Says our word for Home Assistant's.
    func commandTemplate(else other: String) -> JSONValue {
        lookUp("value", in: words.map { ($0.theirs, $0.ours) }, else: other)
    }

    private func lookUp(_ value: String, in pairs: [(String, String)], else other: String) -> JSONValue {
        let entries = pairs.map { "'\($0)':'\($1)'" }.joined(separator: ",")
        return "{{ {\(entries)}.get(\(value),'\(other)') }}"
    }
}
