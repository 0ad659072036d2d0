import Foundation

/// Where sentences for people go that are not what a command was asked for.
enum StandardError {
    static func say(_ sentence: String) {
        FileHandle.standardError.write(Data((sentence + "\n").utf8))
    }
}
