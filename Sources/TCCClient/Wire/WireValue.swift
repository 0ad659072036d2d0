import Basics

/// A value of an answer, for those who know what it should be.
struct WireValue {
    let document: WireDocument
    let index: Int

    var text: String? { document.text(at: index) }
    var number: Double? { document.number(at: index) }
    var flag: Bool? { document.flag(at: index) }
    /// The elements of a list; `nil` for anything else.
    var elements: [WireValue]? {
        document.elements(at: index).map { $0.map { WireValue(document: document, index: $0) } }
    }

    /// The members of an object; `nil` for anything else.
    var members: WireMembers? { document.isObject(at: index) ? WireMembers(document: document, index: index) : nil }

    /// What it should be; `nil` if it is something else, which is noted.
    fileprivate func noting<Value: WireReadable>() -> Value? {
        do throws(WireProblem) {
            return try Value(self)
        } catch {
            document.note(at: error.index, suffix: error.missing.map { ".\($0)" } ?? "")
            return nil
        }
    }

    /// Notes a text whose meaning is not known.
    ///
    /// - Parameter length: How much of it is shown.
    func note(_ text: String, ofLength length: Int) {
        document.note(at: index, suffix: length == 0 ? "" : "=" + text.excerpt(upTo: length))
    }

    /// It is of the wrong type.
    var problem: WireProblem { WireProblem(index: index) }
}

/// The members of an object.
struct WireMembers {
    fileprivate let document: WireDocument
    fileprivate let index: Int

    /// A member that the object is worth nothing without.
    func required<Member: WireReadable>(_ key: String) throws(WireProblem) -> Member {
        guard let member = document.member(key, at: index) else { throw WireProblem(index: index, missing: key) }
        return try Member(WireValue(document: document, index: member))
    }

    /// A member that never spoils the rest: it is `nil` when it is absent, `null` or of the wrong type, which is noted.
    ///
    /// The vendor's schema is not documented and has changed under every strict client, so everything but ids is read this
    /// way.
    func optional<Member: WireReadable>(_ key: String) -> Member? {
        guard let member = document.member(key, at: index), !document.isNull(at: member) else { return nil }
        return WireValue(document: document, index: member).noting()
    }
}

/// Where an answer is not as it should be.
struct WireProblem: Error {
    fileprivate var index: Int
    /// The key that an object lacks; `nil` where a value has the wrong type.
    fileprivate var missing: String?
}

// MARK: - What values are read as

/// What a value of an answer can be read as.
protocol WireReadable {
    init(_ wire: WireValue) throws(WireProblem)
}

/// What an object of an answer is read as.
protocol WireObject: WireReadable {
    init(_ members: WireMembers) throws(WireProblem)
}

extension WireObject {
    init(_ wire: WireValue) throws(WireProblem) {
        guard let members = wire.members else { throw wire.problem }
        try self.init(members)
    }
}

extension String: WireReadable {
    init(_ wire: WireValue) throws(WireProblem) {
        guard let text = wire.text else { throw wire.problem }
        self = text
    }
}

extension Double: WireReadable {
    init(_ wire: WireValue) throws(WireProblem) {
        guard let number = wire.number else { throw wire.problem }
        self = number
    }
}

extension Int: WireReadable {
    init(_ wire: WireValue) throws(WireProblem) {
        guard let number = wire.number.flatMap({ Int(exactly: $0) }) else { throw wire.problem }
        self = number
    }
}

extension Bool: WireReadable {
    init(_ wire: WireValue) throws(WireProblem) {
        guard let flag = wire.flag else { throw wire.problem }
        self = flag
    }
}

/// A list in which a bad element does not hide the others. What is dropped is noted as a surprise.
extension Array: WireReadable where Element: WireReadable {
    init(_ wire: WireValue) throws(WireProblem) {
        guard let elements = wire.elements else { throw wire.problem }
        self = elements.compactMap { $0.noting() }
    }
}
