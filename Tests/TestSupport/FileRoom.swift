import Glibc

/// How many bytes more than its size a file has on the disk; 0 where there is none.
///
/// Apart from files that import Foundation, which would want another module's `stat`.
public func roomOnDisk(of path: String) -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else { return 0 }
    return Int(status.st_blocks) * 512 - Int(status.st_size)
}
