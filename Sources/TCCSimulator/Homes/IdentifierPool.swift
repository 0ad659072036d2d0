/// The ids of an account: each is given out once.
struct IdentifierPool {
    private var taken: Set<String> = []
    private var next = 1

    /// Takes ids that belong together.
    /// - Parameter ids: as they are wanted.
    /// - Returns: new ids for those that were taken before.
    mutating func take(_ ids: Set<String>) -> [String: String] {
        next = max(next, 1 + (ids.compactMap { Int($0) }.max() ?? 0))
        var names: [String: String] = [:]
        for id in ids.intersection(taken).sorted() {
            names[id] = "\(next)"
            next += 1
        }
        taken.formUnion(ids)
        taken.formUnion(names.values)
        return names
    }
}
