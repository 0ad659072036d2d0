import ArgumentParser

/// Why a command could not do what it was asked to: one sentence for people and an exit code for scripts.
struct Failure: Error {
    /// Codes from `sysexits.h`, where they fit.
    enum Code: Int32 {
        /// The bridge is not healthy.
        case unhealthy = 1
        /// The input cannot be used.
        case badData = 65
        /// A file is missing.
        case missingFile = 66
        /// The cloud or the broker cannot be reached.
        case unreachable = 69
        /// The state file cannot be written.
        case cannotWrite = 73
        /// Worth trying again later: a rate limit, or a state file that is locked.
        case tryLater = 75
        /// The credentials are refused.
        case refused = 77
        /// The configuration is wrong.
        case configuration = 78
    }

    let code: Code
    let sentence: String

    init(_ code: Code, _ sentence: String) {
        self.code = code
        self.sentence = sentence
    }
}

/// Runs the body of a command, and turns our own errors into a sentence on standard error and an exit code.
func reportingFailures(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let failure as Failure {
        StandardError.say("evohome-mqtt: \(failure.sentence)")
        throw ExitCode(failure.code.rawValue)
    } catch let error as SettingsError {
        StandardError.say("\(error)")
        throw ExitCode(error.exitCode)
    }
}
