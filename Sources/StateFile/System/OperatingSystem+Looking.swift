import Glibc
package import SystemPackage

extension OperatingSystem {
    package func status(of file: FileDescriptor) throws(Errno) -> FileStatus {
        var raw = stat()
        try check(fstat(file.rawValue, &raw))
        return FileStatus(raw)
    }

    package func status(at path: FilePath) throws(Errno) -> FileStatus {
        var raw = stat()
        try check(path.withPlatformString { stat($0, &raw) })
        return FileStatus(raw)
    }

    package func symbolicLink(at path: FilePath) throws(Errno) -> FilePath {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        try check(path.withPlatformString { readlink($0, &buffer, Int(PATH_MAX)) })
        return FilePath(platformString: buffer)
    }

    package func names(in directory: FilePath) throws(Errno) -> [String] {
        guard let stream = directory.withPlatformString(opendir) else { throw Errno(rawValue: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            names.append(name)
            errno = 0
        }
        guard errno == 0 else { throw Errno(rawValue: errno) }
        return names
    }

    package func timestamp() -> String {
        var now = time(nil)
        var civil = tm()
        gmtime_r(&now, &civil)
        let date = [Int(civil.tm_year) + 1900, Int(civil.tm_mon) + 1, Int(civil.tm_mday)]
        let clock = [civil.tm_hour, civil.tm_min, civil.tm_sec].map(Int.init)
        return "\(date.map(twoDigits).joined())T\(clock.map(twoDigits).joined())Z"
    }
}

extension FileStatus {
    fileprivate init(_ raw: stat) {
        self.init(
            identity: Identity(device: UInt64(raw.st_dev), inode: UInt64(raw.st_ino)),
            isRegularFile: raw.st_mode & S_IFMT == S_IFREG,
            permissions: FilePermissions(rawValue: raw.st_mode & 0o7777),
            modified: Int64(raw.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(raw.st_mtim.tv_nsec)
        )
    }
}

private func twoDigits(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
}
