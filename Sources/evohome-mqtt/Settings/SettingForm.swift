import Basics
import BridgeCore

/// The form of a setting's value: how it is read from text, and how it is described.
struct SettingForm<Value: Sendable>: Sendable {
    let values: SettingValues

    /// Reads a value, or says what it must be instead.
    let parse: @Sendable (RawSetting) throws(SettingRefusal) -> Value
}

/// What people, editors and shells need to know about the values of a setting.
struct SettingValues: Sendable {
    enum Privacy: Sendable {
        case open
        /// Never printed.
        case secret
        /// Printed without the user and password that it may contain.
        case address
    }

    /// What is allowed, to follow "must be".
    let allowed: String

    /// The JSON schema of a value in the configuration file.
    let schema: [JSONValue.Member]

    /// The words that a shell completes.
    var words: [String] = []

    /// Whether it is a list.
    var isList = false

    /// Whether it is the path of a file.
    var isPath = false

    /// Whether an example is enough to guess what is allowed.
    var isObvious = false

    var privacy = Privacy.open

    /// A value as JSON has it.
    var json: @Sendable (String) -> JSONValue = { .string($0) }

    /// A value for people.
    func display(_ raw: RawSetting) -> String {
        let text = raw.description
        return switch privacy {
        case .secret: "<secret>"
        case .address where isList:
            raw.items.map(\.trimmed.withoutUserInformation).joined(separator: ", ").printable
        case .address: text.withoutUserInformation.printable
        case .open: text.isEmpty ? "empty" : text.printable
        }
    }
}

/// Why a text is not a value of its form.
struct SettingRefusal: Error {
    /// What the value must be, to follow "must be".
    let requirement: String
}

// MARK: - Reading

extension SettingForm {
    /// A form for one value, trimmed of the white space that editors and environment files leave behind.
    ///
    /// - Parameter read: `nil` for what is not allowed.
    init(_ values: SettingValues, _ read: @escaping @Sendable (String) -> Value?) {
        self.init(values: values) { raw throws(SettingRefusal) in
            let text = try values.checked(try raw.single.trimmed)
            guard let value = read(text) else { throw SettingRefusal(requirement: values.allowed) }
            return value
        }
    }
}

extension RawSetting {
    var single: String {
        get throws(SettingRefusal) {
            guard case .text(let text) = self else { throw SettingRefusal(requirement: "one value, not a list") }
            return text
        }
    }
}

extension SettingValues {
    /// Limits how much is kept of one value; real names, paths and passwords are far shorter.
    static let longestText = 4096

    /// Refuses what no form can hold: nothing at all, control characters (a NUL above all, where C strings end) and
    /// text that is far too long.
    func checked(_ text: String) throws(SettingRefusal) -> String {
        guard !text.isEmpty, text.utf8.count <= Self.longestText, !text.hasControlCharacters else {
            throw SettingRefusal(requirement: allowed)
        }
        return text
    }
}
