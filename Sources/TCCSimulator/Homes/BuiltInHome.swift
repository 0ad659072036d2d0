/// A home that comes with the simulator. All are of the project's own making.
public struct BuiltInHome: Sendable {
    /// What it is called on a command line.
    public let name: String
    /// What it shows, in one line.
    public let summary: String
    let documents: @Sendable () -> HomeDocuments

    /// Every built-in home, the default first.
    public static let all: [BuiltInHome] = [
        BuiltInHome(name: "house", summary: "six rooms and hot water in London") { .house }
    ]

    static var names: String { all.map(\.name).joined(separator: ", ") }
}
