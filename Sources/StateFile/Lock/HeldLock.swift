import SystemPackage

/// The lock of a state file in the hands of this process, until ``release()``.
struct HeldLock: Sendable {
    let location: StateFileLocation
    let system: any SystemCalls
    /// Open for as long as the lock is held, and closed in child processes, so that none inherits the lock.
    let descriptor: FileDescriptor
    let identity: FileStatus.Identity

    /// Whether the lock file is still the one that this process has locked: another one in its place means that the lock
    /// was taken over.
    var isCurrent: Bool {
        let status = try? uninterrupted { () throws(Errno) in try system.status(at: location.lock) }
        return status?.identity == identity
    }

    /// Gives a sign of life. It writes nothing, so that a full disk cannot stop it; one that fails costs at worst the
    /// lock, which is noticed before a write.
    func beat() {
        try? system.touch(descriptor)
    }

    func release() {
        try? system.close(descriptor)
    }
}
