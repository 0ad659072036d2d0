/// What a key holds, what it is when nobody sets it, and what it is for.
struct SettingDefinition: Sendable {
    /// The form and range of the value.
    let kind: SettingKind

    /// The value that holds when no source gives one; nil where there is none.
    let defaultText: String?

    /// A value to show in the example file for a key that has no default.
    let exampleText: String

    /// One sentence for the example file, the help text and the reference.
    let documentation: String

    /// Whether the value must never be printed.
    let isSecret: Bool

    /// False while the program reads and checks the key but nothing acts on it yet.
    let isInForce: Bool

    /// A key that has a value even when nobody sets it.
    static func defaulted(
        _ kind: SettingKind,
        _ defaultText: String,
        _ documentation: String,
        isInForce: Bool = true
    ) -> Self {
        Self(
            kind: kind,
            defaultText: defaultText,
            exampleText: defaultText,
            documentation: documentation,
            isSecret: false,
            isInForce: isInForce
        )
    }

    /// A key that can be left out.
    static func optional(_ kind: SettingKind, example: String, _ documentation: String, isSecret: Bool = false) -> Self
    {
        Self(
            kind: kind,
            defaultText: nil,
            exampleText: example,
            documentation: documentation,
            isSecret: isSecret,
            isInForce: true
        )
    }
}
