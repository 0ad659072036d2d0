import Basics
import HTTPTypes
import Hummingbird

/// The page and what it is made of. Nothing else is served from the disk, and these are not on it.
struct PageFiles: Sendable {
    /// The folder `Page`, all of which is embedded; a test holds this list equal to it.
    static let all: [StaticFile] = [
        StaticFile("account-view.js", PackageResources.account_view_js),
        StaticFile("activity-view.js", PackageResources.activity_view_js),
        StaticFile("app.js", PackageResources.app_js),
        StaticFile("backup-card.js", PackageResources.backup_card_js),
        StaticFile("bridge-view.js", PackageResources.bridge_view_js),
        StaticFile("commands.js", PackageResources.commands_js),
        StaticFile("drafts.js", PackageResources.drafts_js),
        StaticFile("end-choice.js", PackageResources.end_choice_js),
        StaticFile("home-view.js", PackageResources.home_view_js),
        StaticFile("homes.js", PackageResources.homes_js),
        StaticFile("icon.svg", PackageResources.icon_svg),
        StaticFile("index.html", PackageResources.index_html),
        StaticFile("interface.js", PackageResources.interface_js),
        StaticFile("override-sheet.js", PackageResources.override_sheet_js),
        StaticFile("password.html", PackageResources.password_html),
        StaticFile("password.js", PackageResources.password_js),
        StaticFile("schedule-backup.js", PackageResources.schedule_backup_js),
        StaticFile("schedule-copy.js", PackageResources.schedule_copy_js),
        StaticFile("schedule-editor.js", PackageResources.schedule_editor_js),
        StaticFile("schedule-grid.js", PackageResources.schedule_grid_js),
        StaticFile("schedule-inspector.js", PackageResources.schedule_inspector_js),
        StaticFile("schedule-named.js", PackageResources.schedule_named_js),
        StaticFile("schedule-review.js", PackageResources.schedule_review_js),
        StaticFile("schedule.js", PackageResources.schedule_js),
        StaticFile("schedules-view.js", PackageResources.schedules_view_js),
        StaticFile("schedules.css", PackageResources.schedules_css),
        StaticFile("sharing-card.js", PackageResources.sharing_card_js),
        StaticFile("status.js", PackageResources.status_js),
        StaticFile("store.js", PackageResources.store_js),
        StaticFile("style.css", PackageResources.style_css),
        StaticFile("system-sheet.js", PackageResources.system_sheet_js),
        StaticFile("time.js", PackageResources.time_js),
        StaticFile("ui.js", PackageResources.ui_js),
        StaticFile("words.js", PackageResources.words_js),
        StaticFile("zone-card.js", PackageResources.zone_card_js),
    ]

    private let files = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// - Parameter name: Empty for the page itself.
    func response(for name: String, to headers: HTTPFields) throws(HTTPFailure) -> Response {
        guard let file = files[name.isEmpty ? "index.html" : name] else {
            throw .notFound("There is nothing at /\(name.excerpt).")
        }
        return file.response(to: headers)
    }
}
