import HeatingModel

extension CloudFailure {
    /// What a caller is told who gets no access token, and what a person can do about it.
    init(_ decision: TokenDecision) {
        switch decision {
        case .wait(let until, .unreachable):
            self.init(.unreachable, "The cloud's login service is out of reach.", retryAt: until)
        case .wait(let until, .rateLimited):
            self.init(.rateLimited, "The cloud's login service limits requests.", retryAt: until)
        case .wait(let until, .budgetSpent):
            self.init(
                .rateLimited,
                "There were \(LoginBudget.loginsPerHour) logins within an hour; more could lock the account.",
                retryAt: until
            )
        case .wait(let until, .passwordRefused):
            self.init(
                .unauthorised,
                "The cloud refused the user name or password; check account.username and account.password "
                    + "(it also does so while it limits logins or is out of order).",
                code: "invalid_grant",
                retryAt: until
            )
        case .wait(let until, .refreshRefused):
            self.init(
                .unauthorised,
                "The cloud refused the refresh token and no password is set; run `evohome-mqtt login`.",
                code: "invalid_grant",
                retryAt: until
            )
        case .needsLogin:
            self.init(
                .unauthorised,
                "There is neither a token nor a password; set account.username and account.password, "
                    + "or run `evohome-mqtt login`."
            )
        case .use, .attempt:
            self.init(.unreachable, "The clock was set while a token was being fetched; it is tried again.")
        }
    }
}
