/// The members of a JSON object in their order. Objects of this API are small, so a search is linear.
struct JSONObject: Sendable, Hashable {
    struct Member: Sendable, Hashable {
        let key: String
        var value: JSON
    }

    private(set) var members: [Member]

    init(_ members: [(String, JSON)] = []) {
        self.members = members.map { Member(key: $0.0, value: $0.1) }
    }

    init(members: [Member]) {
        self.members = members
    }

    /// Replaces in place, appends what is new, and removes with nil.
    subscript(key: String) -> JSON? {
        get {
            members.first { $0.key == key }?.value
        }
        set {
            let index = members.firstIndex { $0.key == key }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    /// The member whatever the case of its key, as the vendor reads the keys of requests.
    func member(_ key: String) -> Member? {
        if let exact = members.last(where: { $0.key == key }) { return exact }
        let key = key.lowercased()
        return members.last { $0.key.lowercased() == key }
    }

    /// As ``member(_:)``, nil also for an explicit `null`.
    func value(_ key: String) -> JSON? {
        guard let value = member(key)?.value, value != .null else { return nil }
        return value
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral elements: (String, JSON)...) {
        self.init(elements)
    }
}
