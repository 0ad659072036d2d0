public import Basics
public import BridgeCore

/// The bridge as the page and its interface see it.
///
/// One vocabulary: what MQTT knows by a topic, this knows by the same words. All topics are below the base topic, such as
/// `home/zone/kitchen` and `bridge/cloud`.
public protocol WebBridge: Sendable {
    /// Everything that is shown, by topic: the payloads as MQTT has them, JSON or plain text. A topic that is cleared is
    /// absent.
    ///
    /// Every client of the event stream reads it after each change, so it must be cheap while nothing changes.
    var topics: [String: String] { get }

    /// An element after each change of ``topics``, or one for several changes in a row. Each caller has a stream of its own.
    func topicChanges() -> AsyncStream<Void>

    /// What is published on `bridge/event`: first the events after a number, as far as they are still known, then new ones.
    ///
    /// A stream that is not read keeps a bounded number of events and drops the oldest.
    ///
    /// - Parameter last: The last number that the caller has seen; `nil` for new events only.
    func events(after last: Int?) -> AsyncStream<NumberedEvent>

    /// Log lines from a level on, each a JSON object. A stream that is not read keeps a bounded number of lines.
    ///
    /// - Parameter level: The name of a level, such as `info`.
    /// - Returns: `nil` for an unknown level.
    func log(from level: String) -> AsyncStream<String>?

    /// Whether a topic is a command topic of something that exists, such as `home/zone/kitchen/set`.
    func takesCommands(on topic: String) -> Bool

    /// Carries out a command as if it had arrived on MQTT, with its outcome on `…/result` as well.
    ///
    /// When the task of the caller is cancelled, it returns soon; the command goes on.
    ///
    /// - Parameters:
    ///   - payload: An object, as on the command topic.
    ///   - topic: The command topic, `…/set`.
    /// - Returns: The outcome; `nil` if the topic is no command topic of something that exists, or the task was cancelled.
    func carryOut(_ payload: JSONValue, on topic: String) async -> CommandAnswer?

    /// Answers a request to the bridge, as on `bridge/request/<name>`.
    ///
    /// When the task of the caller is cancelled, it returns soon; what was begun goes on.
    ///
    /// - Parameters:
    ///   - name: The name of the request.
    ///   - body: An object, or `null` for an empty body.
    /// - Returns: `nil` if there is no request of that name, or the task was cancelled.
    func request(_ name: String, _ body: JSONValue) async -> BridgeResponse?

    /// What each site accepts, by its topic: modes with their kinds of end, and the limits of schedules. For a page that
    /// offers nothing that would be refused.
    var homes: JSONValue { get }

    /// Who is signed in, how old the tokens are, the login budget, and calls made today by kind. No secrets, and of the
    /// user name its first letter only.
    var account: JSONValue { get }

    /// Signs in to the account in the cloud, with one login at the most. The password is used once and never stored.
    func signIn(username: String, password: Secret) async -> SignIn

    /// All schedules, to keep as a file.
    func backup() async -> Result<Backup, BackupFailure>
}

/// An event and its number.
public struct NumberedEvent: Equatable, Sendable {
    /// From 1 since the start of the process, without gaps.
    public var number: Int
    /// The payload of `bridge/event`, JSON.
    public var payload: String

    public init(number: Int, payload: String) {
        self.number = number
        self.payload = payload
    }
}

/// How a command ended.
public struct CommandAnswer: Equatable, Sendable {
    public var kind: Outcome.Kind
    /// The payload of `…/result`.
    public var json: JSONValue

    public init(kind: Outcome.Kind, json: JSONValue) {
        self.kind = kind
        self.json = json
    }
}

/// What became of a sign-in to the account.
public enum SignIn: Equatable, Sendable {
    /// It worked. The value is what was found: the answer of `POST /api/account`.
    case signedIn(JSONValue)
    /// The cloud refused the user name and password. One sentence.
    case refused(String)
    /// The login budget or the cloud's rate limit holds it back; nothing was sent. One sentence, and when to try again.
    case held(String, retryAfter: Duration)
    /// It did not get an answer that settles it, such as from a cloud that cannot be reached. One sentence.
    case failed(String)
}

/// Schedules to keep as a file.
public struct Backup: Equatable, Sendable {
    /// What `schedules restore` reads.
    public var schedules: JSONValue
    /// The name of the home, or of the first of several: for the name of the file.
    public var home: String
    /// Today, where the home is: for the name of the file.
    public var day: CivilDate

    public init(schedules: JSONValue, home: String, day: CivilDate) {
        self.schedules = schedules
        self.home = home
        self.day = day
    }
}

/// Why there is no backup.
public struct BackupFailure: Error, Equatable, Sendable {
    /// One sentence for people.
    public var sentence: String

    public init(_ sentence: String) {
        self.sentence = sentence
    }
}
