/// A document for one entity, in plain words: no abbreviation, no `~`, and no template but of one member.
struct ComponentDocument {
    enum Kind: String {
        case binarySensor = "binary_sensor"
        case button
        case climate
        case select
        case sensor
        case `switch`
    }

    /// What an entity belongs to.
    struct Owner {
        /// ASCII letters, digits and `_`.
        var id: String
        var name: String
        var manufacturer = "Resideo"
        var model: String?
        var softwareVersion: String?
    }

    let kind: Kind
    /// Its id and the level of its topic.
    let id: String
    private let name: String
    private let owner: Owner
    private let members: [JSONValue.Member]
    private var hasAvailability = true

    fileprivate init(_ kind: Kind, _ id: String, _ name: String, of owner: Owner, _ members: [JSONValue.Member]) {
        self.kind = kind
        self.id = id
        self.name = name
        self.owner = owner
        self.members = members
    }

    /// The same entity, available at any time.
    var withoutAvailability: ComponentDocument {
        var document = self
        document.hasAvailability = false
        return document
    }

    /// - Parameter availability: The one topic that says `online` while it can be relied on. Domoticz takes no more than one.
    func json(availability: String) -> JSONValue {
        let identity: KeyValuePairs<String, JSONValue?> = [
            "name": .string(name),
            "unique_id": .string(id),
            "device": .object(
                JSONValue.Member.all([
                    "identifiers": [.string(owner.id)],
                    "name": .string(owner.name),
                    "manufacturer": .string(owner.manufacturer),
                    "model": owner.model.map(JSONValue.string),
                    "sw_version": owner.softwareVersion.map(JSONValue.string),
                ])
            ),
            "availability_topic": hasAvailability ? .string(availability) : nil,
        ]
        return .object(JSONValue.Member.all(identity) + members)
    }
}

extension ComponentDocument.Owner {
    /// What the owner is about. It carries the owner's name alone.
    func main(_ kind: ComponentDocument.Kind, _ members: KeyValuePairs<String, JSONValue?>) -> ComponentDocument {
        ComponentDocument(kind, id, name, of: self, JSONValue.Member.all(members))
    }

    func sensor(_ key: String, _ name: String, _ members: KeyValuePairs<String, JSONValue?>) -> ComponentDocument {
        part(.sensor, key, name, members)
    }

    /// Something that is so or not.
    func flag(_ key: String, _ name: String, on topic: String, _ yes: String, _ no: String) -> ComponentDocument {
        part(
            .binarySensor,
            key,
            name,
            [
                "state_topic": .string(topic), "payload_on": .string(yes), "payload_off": .string(no),
                "device_class": "connectivity",
            ]
        )
    }

    func button(_ key: String, _ name: String, on topic: String, _ payload: String) -> ComponentDocument {
        part(.button, key, name, ["command_topic": .string(topic), "payload_press": .string(payload)])
    }

    /// The mode of a control system or of hot water, in the words of the topics.
    func mode(_ modes: [String], at topic: String) -> ComponentDocument {
        part(
            .select,
            "mode",
            "Mode",
            [
                "state_topic": .string("\(topic)/mode"),
                "command_topic": .string("\(topic)/set/mode"),
                "options": .array(modes.map(JSONValue.string)),
            ]
        )
    }

    private func part(
        _ kind: ComponentDocument.Kind,
        _ key: String,
        _ name: String,
        _ members: KeyValuePairs<String, JSONValue?>
    ) -> ComponentDocument {
        ComponentDocument(kind, "\(id)_\(key)", name, of: self, JSONValue.Member.all(members))
    }
}
