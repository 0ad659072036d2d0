import Synchronization
import SystemPackage

/// The file beside the state file that is locked in its place. It is empty, and stays when nobody holds the lock:
/// removing it would let two processes lock two files of the same name.
struct LockFile: Sendable {
    private let location: StateFileLocation
    private let system: any SystemCalls

    init(location: StateFileLocation, system: any SystemCalls) {
        self.location = location
        self.system = system
    }

    /// How an attempt to get the lock ended.
    enum Attempt {
        case acquired(HeldLock)
        /// Another holder has it.
        case held(LockWatch.Sight)
        /// The file was replaced between opening and locking it: try again.
        case replaced
    }

    /// Tries to get the lock, without waiting.
    ///
    /// The file is opened anew each time, since two locks through one opening do not exclude each other. So two tasks of
    /// one process take turns just like two processes.
    ///
    /// - Throws: `cannotWrite` or `locksUnsupported`.
    func attempt() throws(StateFileError) -> Attempt {
        let descriptor = try open(location.lock, [.create, .noFollow])
        do throws(Errno) {
            let status = try uninterrupted { () throws(Errno) in try system.status(of: descriptor) }
            do throws(Errno) {
                try uninterrupted { () throws(Errno) in try system.tryLock(descriptor) }
            } catch .wouldBlock {
                try? system.close(descriptor)
                return .held(LockWatch.Sight(identity: status.identity, modified: status.modified))
            }
            let lock = HeldLock(location, system, descriptor, status.identity)
            guard lock.isCurrent else {
                lock.release()
                return .replaced
            }
            lock.beat()
            return .acquired(lock)
        } catch {
            try? system.close(descriptor)
            throw failure(error)
        }
    }

    /// Takes over the lock from a holder that stands still, with a new file in place of the one that it has locked.
    ///
    /// - Parameter sight: The file of that holder, as last seen.
    /// - Returns: The lock; `nil` when the holder came back to life or another process was faster.
    /// - Throws: `cannotWrite` or `locksUnsupported`.
    func takeOver(from sight: LockWatch.Sight) throws(StateFileError) -> HeldLock? {
        let temporary = location.temporaryLock(system.randomNumber())
        let descriptor = try open(temporary, [.create, .exclusiveCreate, .noFollow])
        do throws(Errno) {
            try uninterrupted { () throws(Errno) in try system.tryLock(descriptor) }
            let own = try uninterrupted { () throws(Errno) in try system.status(of: descriptor) }
            let lock = HeldLock(location, system, descriptor, own.identity)
            let present = try uninterrupted { () throws(Errno) in try system.status(at: location.lock) }
            if present.identity == sight.identity, present.modified == sight.modified {
                try uninterrupted { () throws(Errno) in try system.rename(temporary, to: location.lock) }
                if lock.isCurrent { return lock }
            } else {
                try? system.remove(temporary)
            }
            lock.release()
            return nil
        } catch {
            try? system.remove(temporary)
            try? system.close(descriptor)
            // A process that holds the lock has removed a lock file, perhaps our own temporary one.
            if error == .noSuchFileOrDirectory { return nil }
            throw failure(error)
        }
    }

    private func open(
        _ path: FilePath,
        _ options: FileDescriptor.OpenOptions
    ) throws(StateFileError) -> FileDescriptor {
        do throws(Errno) {
            return try uninterrupted { () throws(Errno) in
                try system.open(path, .readWrite, options, .ownerReadWrite)
            }
        } catch {
            throw failure(error)
        }
    }

    private func failure(_ cause: Errno) -> StateFileError {
        switch cause {
        // ENOLCK comes from network file systems whose server keeps no locks, the others from those that have none.
        case .noLocks, .notSupported, .noFunction: .locksUnsupported(location.file, cause)
        default: .cannotWrite(location.file, cause)
        }
    }
}

/// The lock of a state file, held by this process until ``release()``.
final class HeldLock: Sendable {
    private let location: StateFileLocation
    private let system: any SystemCalls
    private let identity: FileStatus.Identity
    /// Open as long as the lock is held, and closed in child processes, so that none inherits the lock. Guarded, since
    /// signs of life come from another thread: a late one must not reach a file that was given the same number.
    private let descriptor: Mutex<FileDescriptor?>

    fileprivate init(
        _ location: StateFileLocation,
        _ system: any SystemCalls,
        _ descriptor: FileDescriptor,
        _ identity: FileStatus.Identity
    ) {
        self.location = location
        self.system = system
        self.identity = identity
        self.descriptor = Mutex(descriptor)
    }

    /// Whether the lock file is still the one that this process has locked. Another one in its place means that the lock
    /// was taken over.
    var isCurrent: Bool {
        let status = try? uninterrupted { () throws(Errno) in try system.status(at: location.lock) }
        return status?.identity == identity
    }

    /// Gives a sign of life. It writes no data, so that a full disk cannot stop it. A failed one costs at worst the lock,
    /// which is noticed before a write.
    func beat() {
        descriptor.withLock { descriptor in
            if let descriptor { try? system.touch(descriptor) }
        }
    }

    func release() {
        descriptor.withLock { descriptor in
            if let descriptor { try? system.close(descriptor) }
            descriptor = nil
        }
    }
}
