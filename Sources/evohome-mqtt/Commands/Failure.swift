import ArgumentParser

/// Why a command ends without having done what it was for: one sentence for people and a code for scripts.
struct Failure: Error {
    /// Codes from `sysexits.h`, as far as they fit.
    enum Code: Int32 {
        /// The bridge that was asked about is not healthy.
        case unhealthy = 1
        /// Input that cannot be used.
        case badData = 65
        /// A file is missing.
        case missingFile = 66
        /// The cloud or the broker is out of reach.
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

    var code: Code
    var sentence: String

    init(_ code: Code, _ sentence: String) {
        self.code = code
        self.sentence = sentence
    }
}

/// Runs a command's body; what it throws of ours goes to standard error as a sentence, and ends with its code.
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
