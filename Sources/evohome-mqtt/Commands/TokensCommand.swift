public import ArgumentParser
import Basics
import Foundation
import HeatingModel
import Observability
import TCCClient

struct TokensCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens",
        abstract: "Lends an access token, or moves tokens to and from other programs.",
        discussion: """
            To call the cloud from a script beside the bridge, without a login of its own:
              token=$(evohome-mqtt tokens lend | jq -r .access_token)
            To move tokens here from another program, which must not refresh them any more:
              evohome-mqtt tokens import ~/.config/evohome/tokens.json
            """,
        subcommands: [Lend.self, Import.self, Export.self]
    )

    /// The time zone of the machine, which other programs write times in.
    fileprivate static var zone: LocationTimeZone {
        LocationTimeZone(identifier: TimeZone.current.identifier)
            ?? LocationTimeZone(offsetMinutes: TimeZone.current.secondsFromGMT() / 60)
    }

    struct Lend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "lend",
            abstract: "Prints an access token for another program, but never the refresh token.",
            discussion: """
                The other program can use the account until the token expires, at the same time and without a login of \
                its own. Only this program refreshes tokens.
                """
        )

        @Option(help: "Format of the output.") var format = Format.json
        @Option(help: "Minimum remaining validity of the token.") var validFor = "10m"
        @OptionGroup(title: "Settings") var options: SettingsOptions

        /// Without Home Assistant's, which needs the refresh token.
        enum Format: String, CaseIterable, ExpressibleByArgument {
            case json
            case env
            case evohomeclient2
            case evohomeAsync = "evohome-async"

            var tokenFormat: TokenFormat {
                switch self {
                case .json: .json
                case .env: .env
                case .evohomeclient2: .evohomeclient2
                case .evohomeAsync: .evohomeAsync
                }
            }
        }

        func validate() throws {
            _ = try Duration(validFor, of: "--valid-for")
        }

        func run() async throws {
            let life = try Duration(validFor, of: "--valid-for")
            try await reportingFailures {
                let settings = try options.load().settings
                let text = try await CloudAccount.with(settings, spareLife: life) { account in
                    let token = try await account.tokens.accessToken()
                    guard SystemClock().now + life <= token.expires else {
                        throw Failure(
                            .badData,
                            "The cloud's tokens are not valid for \(life.readable): use a shorter --valid-for."
                        )
                    }
                    return try format.tokenFormat.text(
                        access: token,
                        refresh: nil,
                        username: account.state.account,
                        zone: TokensCommand.zone
                    )
                }
                print(text)
            }
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import",
            abstract: "Takes over the tokens of evohomeclient2, evohome-async or Home Assistant's .storage/evohome.",
            discussion:
                "The tokens move: the other program must not refresh them any more, because a refresh token works only once."
        )

        @Argument(help: "File that contains the tokens.", completion: .file()) var file: String
        @OptionGroup(title: "Settings") var options: SettingsOptions

        func run() async throws {
            try await reportingFailures {
                let settings = try options.load().settings
                let found = try choose(settings.account.username?.revealed)
                let username = settings.account.username?.revealed ?? found.username ?? ""
                let credentials = Credentials(username: username, password: Secret(""))
                try await CloudAccount.with(settings, credentials: credentials) { account in
                    try await account.state.importTokens(found)
                }
                print("Moved the tokens of \(username.isEmpty ? "the account" : username) to \(settings.state.file).")
                print("The other program must not refresh them any more: stop it, or remove its tokens.")
            }
        }

        private func choose(_ username: String?) throws -> ForeignTokens {
            let data = try InputFile.read(file)
            let all: [ForeignTokens]
            do {
                all = try ForeignTokens.all(in: data, zone: TokensCommand.zone)
            } catch {
                throw Failure(.badData, "\(file): \(error)")
            }
            let mine = username.map { name in all.filter { $0.username == nil || $0.username == name } } ?? all
            guard mine.count == 1, let found = mine.first else {
                let names = all.compactMap(\.username).joined(separator: ", ")
                throw Failure(.badData, "\(file) has tokens for \(names): choose one with --account-username.")
            }
            return found
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export",
            abstract: "Prints all tokens, the refresh token included, and removes them from the state file.",
            discussion: "The tokens move: a refresh token works only once, so only one program can have it."
        )

        @Option(help: "Format of the output.") var format = TokenFormat.json
        @OptionGroup(title: "Settings") var options: SettingsOptions

        func run() async throws {
            try await reportingFailures {
                let settings = try options.load().settings
                try await CloudAccount.with(settings) { account in
                    try await account.state.exportTokens { access, refresh in
                        let text = try format.text(
                            access: access,
                            refresh: refresh,
                            username: account.state.account,
                            zone: TokensCommand.zone
                        )
                        print(text)
                        fflush(nil)
                    }
                }
                StandardError.say(
                    "The tokens are no longer in the state file: a bridge that uses it would have to log in again."
                )
            }
        }
    }
}

extension TokenFormat: ExpressibleByArgument {}
