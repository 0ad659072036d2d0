/// What the topic of a command says before its payload is looked at.
public struct CommandTopic: Equatable, Sendable {
    /// How the payload is to be read.
    public enum Form: Equatable, Sendable {
        /// `…/set`: a JSON object.
        case object
        /// `…/set/<attribute>`: a plain value.
        case plain(attribute: String)
    }

    /// The topic of what is commanded, such as `evohome/home/zone/kitchen`.
    public var subject: String
    public var form: Form

    /// - Returns: `nil` for a topic that is no command's.
    public init?(_ topic: String) {
        // By scalars: to Swift a slash and a combining mark after it are one character.
        let levels = topic.unicodeScalars.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if levels.last == "set" {
            subject = levels.dropLast().joined(separator: "/")
            form = .object
        } else if levels.dropLast().last == "set", let attribute = levels.last {
            subject = levels.dropLast(2).joined(separator: "/")
            form = .plain(attribute: attribute)
        } else {
            return nil
        }
    }

    /// Whose week it is about, if it is about one: the subject without its last level.
    var scheduleOwner: String? {
        subject.hasSuffix("/schedule") ? String(subject.dropLast("/schedule".count)) : nil
    }
}
