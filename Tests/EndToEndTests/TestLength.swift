import Foundation

/// How long a test goes on that proves the more the longer it runs: short, unless the environment asks for more.
func testLength(_ variable: String, standard: Int) -> Int {
    ProcessInfo.processInfo.environment[variable].flatMap { Int($0) } ?? standard
}
