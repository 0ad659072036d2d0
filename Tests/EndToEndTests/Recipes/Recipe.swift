import Foundation

/// A recipe of the manual: a sentence, and the commands below it.
struct Recipe: Sendable {
    let sentence: String
    let commands: String

    /// All of them, in order.
    static var all: [Recipe] {
        get throws {
            let page = URL(filePath: #filePath).appending(path: "../../../../config/mqtt.md").standardizedFileURL
            let text = try String(contentsOf: page, encoding: .utf8)
            let section = text.split(separator: "\n## ").first { $0.hasPrefix("Recipes\n") } ?? ""
            return section.matches(of: /\n\n(?<sentence>[^\n]+):\n\n```sh\n(?<commands>(?:[^`]*\n)+?)```/).map {
                Recipe(sentence: String($0.sentence), commands: String($0.commands))
            }
        }
    }
}
