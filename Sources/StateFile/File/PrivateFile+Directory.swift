import SystemPackage

extension PrivateFile {
    /// Creates the directory of the file, and those above it, where they are missing; others may not look into them.
    func createDirectory() throws(StateFileError) {
        do throws(Errno) {
            try create(location.directory)
        } catch {
            throw .cannotWrite(location.file, error)
        }
    }

    private func create(_ directory: FilePath) throws(Errno) {
        do throws(Errno) {
            try createOne(directory)
        } catch .noSuchFileOrDirectory {
            let parent = directory.removingLastComponent()
            guard !parent.isEmpty, parent != directory else { throw .noSuchFileOrDirectory }
            try create(parent)
            try createOne(directory)
        }
    }

    private func createOne(_ directory: FilePath) throws(Errno) {
        do throws(Errno) {
            try uninterrupted { () throws(Errno) in try system.createDirectory(directory, .ownerReadWriteExecute) }
        } catch {
            // Another process was faster.
            guard error == .fileExists else { throw error }
        }
    }
}
