using System.Diagnostics.Metrics;
using Outdial.Contracts;
using Outdial.Pacer.Pulse;
using Outdial.Providers;

namespace Outdial.Pacer.Telemetry;

/// <summary>
/// The gauges of provider accounts: their budget, and what is spent of it. Counted from rows a moment ago, the same at every replica: take the
/// maximum, not the sum.
/// </summary>
internal sealed class AccountFigures
{
    private static readonly string[] BlockedCodes = ["Throttled", PauseReasons.ProviderDown];

    private volatile IReadOnlyList<Measurement<int>> _used = [], _limits = [], _open = [], _most = [], _blocked = [];

    public AccountFigures(IMeterFactory meters)
    {
        var meter = meters.Create("Outdial.Pacer.Accounts");
        meter.CreateObservableGauge(
            "outdial.account.calls.last_minute", () => _used, "{request}", "Requests for a call in the last minute, by account.");
        meter.CreateObservableGauge("outdial.account.calls.per_minute", () => _limits, "{request}", "How many an account may make in a minute.");
        meter.CreateObservableGauge("outdial.account.calls.open", () => _open, "{call}", "Calls that are not over, by account.");
        meter.CreateObservableGauge(
            "outdial.account.calls.open_limit", () => _most, "{call}", "How many may be open at the same time on an account.");
        meter.CreateObservableGauge(
            "outdial.account.blocked", () => _blocked, null,
            "1 while nothing is dialed over an account, by why: Throttled for a moment, ProviderDown.");
    }

    /// <summary>They could not be counted.</summary>
    public void Forget() => Keep([]);

    /// <summary>What was counted.</summary>
    public void Keep(IReadOnlyCollection<(AccountSetting Setting, StandingAccount Standing)> accounts)
    {
        _used = [.. accounts.Select(account => Of(account.Setting, account.Standing.LastMinute))];
        _limits = [.. accounts.Select(account => Of(account.Setting, account.Setting.CallsPerMinute))];
        _open = [.. accounts.Select(account => Of(account.Setting, account.Standing.Open))];
        _most = [.. accounts.Select(account => Of(account.Setting, account.Setting.MaxConcurrentCalls))];
        _blocked =
        [
            .. accounts.SelectMany(account => BlockedCodes.Select(code => new Measurement<int>(
                account.Standing.BlockedCode == code ? 1 : 0, new("outdial.account", account.Setting.Name), new("outdial.blocked", code)))),
        ];
    }

    private static Measurement<int> Of(AccountSetting account, int value) =>
        new(value, new KeyValuePair<string, object?>("outdial.account", account.Name));
}
