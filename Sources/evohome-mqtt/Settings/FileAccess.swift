import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The file system as the settings need it, so that tests can replace it.
struct FileAccess: Sendable {
    /// Why a file has no content.
    enum Refusal: Error, Hashable {
        case missing
        /// - Parameter reason: In the system's words.
        case unreadable(reason: String)
    }

    /// Reads a whole file.
    var contents: @Sendable (FilePath) -> Result<[UInt8], Refusal>

    /// Whether files can be created in a folder.
    var isWritableFolder: @Sendable (FilePath) -> Bool
}

extension FileAccess {
    /// The files of this machine.
    static let system = FileAccess(contents: readFile, isWritableFolder: { isWritable($0) })

    /// Far above any configuration, password or bundle of certificates; reading a device that never ends stops here.
    private static let longestFile = 4 << 20

    private static func readFile(_ path: FilePath) -> Result<[UInt8], Refusal> {
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            return try file.closeAfter {
                var bytes: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 64 << 10)
                while case let count = try buffer.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
                    bytes += buffer.prefix(count)
                    guard bytes.count <= longestFile else { return .failure(.unreadable(reason: "it is too large")) }
                }
                return .success(bytes)
            }
        } catch Errno.noSuchFileOrDirectory {
            return .failure(.missing)
        } catch {
            return .failure(.unreadable(reason: "\(error)"))
        }
    }

    private static func isWritable(_ folder: FilePath) -> Bool {
        // The slash makes anything but a folder an error.
        access(folder.string + "/", W_OK | X_OK) == 0
    }
}
