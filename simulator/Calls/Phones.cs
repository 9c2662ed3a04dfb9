namespace Outdial.Simulator;

/// <summary>
/// Which phones are in use by flow calls and their legs. A phone that is taken is busy for the next caller; who waits in
/// wrap-up declines. Ordinary calls, whose life is fixed, are looked up in the book.
/// </summary>
public sealed class Phones(CallBook book)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Use> _uses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _wrapUps = new(StringComparer.Ordinal);

    /// <param name="LegIndex">The leg that rings or talks on this phone; null when the call itself is the phone's.</param>
    public sealed record Use(FlowCall Call, int? LegIndex);

    /// <summary>Takes a phone for a call; false when it is in use, by this call or another.</summary>
    public bool TryTake(string number, Use use, DateTimeOffset now)
    {
        lock (_gate)
            return !IsBusy(number, now) && _uses.TryAdd(number, use);
    }

    public bool IsTaken(string number, DateTimeOffset now)
    {
        lock (_gate)
            return IsBusy(number, now);
    }

    /// <summary>Puts it down; only who took it can.</summary>
    public void Release(string number, FlowCall call)
    {
        lock (_gate)
            if (_uses.TryGetValue(number, out var use) && ReferenceEquals(use.Call, call))
                _uses.Remove(number);
    }

    public void WrapUp(string number, DateTimeOffset until)
    {
        lock (_gate)
            _wrapUps[number] = until;
    }

    public Use? UseOf(string number)
    {
        lock (_gate)
            return _uses.GetValueOrDefault(number);
    }

    public void Reset()
    {
        lock (_gate)
        {
            _uses.Clear();
            _wrapUps.Clear();
        }
    }

    private bool IsBusy(string number, DateTimeOffset now) =>
        _uses.ContainsKey(number) || (_wrapUps.TryGetValue(number, out var until) && now < until) || book.IsOnOrdinaryCall(number, now);
}
