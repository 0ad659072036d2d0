import Basics
import Logging
import Testing

@testable import Observability

@Suite("The handler of log lines")
struct LineLogHandlerTests {
    struct Failure: Error, CustomStringConvertible {
        var description: String { "the cloud is away" }
    }

    @Test("The shared level changes what is logged while loggers are in use")
    func sharedLevel() {
        let recorded = RecordedLines()
        let control = LogLevelControl(.warning)
        let logger = recorded.logger(.text, levelControl: control)
        logger.info("unheard")
        control.level = .debug
        logger.debug("heard")
        #expect(logger.logLevel == .debug)
        control.level = .error
        logger.warning("unheard")
        #expect(recorded.lines.count == 1)
    }

    @Test("A logger's own level and metadata are its own")
    func valueSemantics() {
        let recorded = RecordedLines()
        var first = recorded.logger(.text, levelControl: LogLevelControl(.info))
        first[metadataKey: "only-on"] = "first"
        var second = first
        second.logLevel = .error
        second[metadataKey: "only-on"] = "second"
        #expect(first.logLevel == .info && second.logLevel == .error)
        #expect(first[metadataKey: "only-on"] == "first" && second[metadataKey: "only-on"] == "second")
    }

    @Test("An event's metadata wins over the provider's, and that over the logger's")
    func precedence() {
        let recorded = RecordedLines()
        var logger = recorded.logger(.text)
        logger.handler.metadataProvider = Logger.MetadataProvider { ["a": "provider", "b": "provider"] }
        for key in ["a", "b", "c"] { logger[metadataKey: key] = "logger" }
        logger.info("x", metadata: ["a": "event"])
        #expect(recorded.lines.first?.hasSuffix("x a=event b=provider c=logger\n") == true)
    }

    @Test("An error goes under its own key", arguments: LogFormat.allCases)
    func errors(format: LogFormat) {
        let recorded = RecordedLines()
        let logger = recorded.logger(format)
        logger.error("Poll failed", error: Failure())
        logger.error("Poll failed", error: Failure(), metadata: ["error": "said otherwise"])
        let expected = format == .text ? #"error="the cloud is away""# : #""error":"the cloud is away"}"#
        #expect(recorded.lines[0].hasSuffix(expected + "\n"))
        #expect(recorded.lines[1].contains("said otherwise") && !recorded.lines[1].contains("away"))
    }

    @Test("A secret is not printed, however it gets into an event", arguments: LogFormat.allCases)
    func secrets(format: LogFormat) {
        struct Account: Error { var password = Secret("hunter2") }
        let recorded = RecordedLines()
        let secret = Secret("hunter2")
        recorded.logger(format).error(
            "Login with \(secret) and \(Account())",
            error: Account(),
            metadata: [
                "plain": "\(secret)", "account": "\(Account())", "converted": .stringConvertible(secret),
                "optional": "\(String(describing: Optional(secret)))", "list": ["\([secret])"],
                "nested": ["inner": .stringConvertible(secret)],
            ]
        )
        let line = recorded.lines[0]
        #expect(!line.contains("hunter2"))
        #expect(line.components(of: "<secret>") == 9)
    }

    @Test("Names of levels are read in any case, and nothing else is")
    func levelNames() {
        #expect(Logger.Level.names == ["trace", "debug", "info", "notice", "warning", "error", "critical"])
        for level in Logger.Level.allCases {
            #expect(Logger.Level(name: level.rawValue) == level)
            #expect(Logger.Level(name: level.rawValue.uppercased()) == level)
        }
        for name in ["", "warn", " info", "verbose", "0"] { #expect(Logger.Level(name: name) == nil) }
    }

    @Test(
        "Formats are read by their names",
        arguments: [("text", LogFormat.text), ("json", .json), ("xml", nil), ("", nil)]
    )
    func formats(name: String, format: LogFormat?) {
        #expect(LogFormat(rawValue: name) == format)
    }
}

extension String {
    fileprivate func components(of part: String) -> Int {
        ranges(of: part).count
    }
}
