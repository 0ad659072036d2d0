/// An entity of a device, as a component of its document.
struct Component {
    enum Platform: String {
        case binarySensor = "binary_sensor"
        case button
        case climate
        case event
        case select
        case sensor
        case waterHeater = "water_heater"
    }

    /// Its part in ids, such as `override_end`.
    let key: String
    let platform: Platform
    /// What is said of it beside ids and names. An empty one is of an entity that the device lacks, and removes the one
    /// that an earlier document had.
    private(set) var members: [JSONValue.Member]
    /// Whether it is what the device is about, and carries its name.
    private let isMain: Bool
    /// Instead of the name that its key makes.
    private var label: String?

    /// An entity whose name is made of its key.
    init(_ key: String, _ platform: Platform, _ members: KeyValuePairs<String, JSONValue?>) {
        (self.key, self.platform, isMain) = (key, platform, false)
        self.members = JSONValue.Member.all(members)
    }

    /// The entity that the device is about.
    init(main platform: Platform, _ members: KeyValuePairs<String, JSONValue?>) {
        (key, self.platform, isMain) = (platform.rawValue, platform, true)
        self.members = JSONValue.Member.all(members)
    }

    /// An entity that the device lacks.
    static func absent(_ key: String, _ platform: Platform) -> Component {
        Component(key, platform, [:])
    }

    /// The same entity, with more said of it.
    func with(_ members: KeyValuePairs<String, JSONValue?>) -> Component {
        var component = self
        component.members += JSONValue.Member.all(members)
        return component
    }

    /// The same entity, where its key makes no good name.
    func named(_ label: String) -> Component {
        var component = self
        component.label = label
        return component
    }

    func json(in device: Device) -> JSONValue {
        guard !members.isEmpty else { return ["platform": .string(platform.rawValue)] }
        let entity = isMain ? device.slug : "\(device.slug)_\(key)"
        let identity: KeyValuePairs<String, JSONValue?> = [
            "platform": .string(platform.rawValue),
            "unique_id": .string("\(device.id)_\(key)"),
            "name": name,
            // The older and the newer key for one thing; each release knows one of them.
            "object_id": .string(entity),
            "default_entity_id": .string("\(platform.rawValue).\(entity)"),
            // Most releases read it from here only. At 0 the broker would keep no command for a bridge that is away.
            "qos": 1,
            "~": device.topic.map(JSONValue.string),
        ]
        return .object(JSONValue.Member.all(identity) + members)
    }

    /// `nil` if Home Assistant has a name for the class, in the user's language.
    private var name: JSONValue? {
        if isMain { return .null }
        if let label { return .string(label) }
        if members.contains(JSONValue.Member("device_class", .string(key))) { return nil }
        return .string(key.prefix(1).uppercased() + key.dropFirst().replacing("_", with: " "))
    }
}

/// The bridge's words for something, each with Home Assistant's.
struct WordTable {
    let words: [(ours: String, theirs: String)]

    /// Only the rows whose bridge word passes a test.
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
