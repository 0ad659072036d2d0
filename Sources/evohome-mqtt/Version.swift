/// The version of this program. Apart from the commands, so that settings need not know them.
enum Version {
    static let current = "0.1.0"
}
