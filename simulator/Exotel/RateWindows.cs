using Microsoft.Extensions.Options;

namespace Outdial.Simulator;

/// <summary>The families of the API that have a budget each.</summary>
public enum ApiFamily { Connect, Numbers, Details, ExoPhones }

/// <summary>Requests of one family; the peaks are the most in any sliding 60 s.</summary>
public sealed record FamilyCounts(int Received, int Admitted, int Throttled, int PeakReceived, int PeakAdmitted);

/// <summary>Admits so many requests in any 60 s (virtual time) per family. A refused request does not use the budget up.</summary>
public sealed class RateWindows(TimeProvider clock, IOptions<SimulatorOptions> options)
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(60);

    private readonly Window[] _windows = [.. Enum.GetValues<ApiFamily>().Select(_ => new Window())];

    /// <summary>Requests per 60 s; changeable at run time.</summary>
    public int Limit { get; set; } = options.Value.RequestsPerMinute;

    public bool Admit(ApiFamily family)
    {
        var window = _windows[(int)family];
        lock (window)
            return window.Admit(clock.GetUtcNow(), Limit);
    }

    public IReadOnlyDictionary<string, FamilyCounts> Counts => Enum.GetValues<ApiFamily>().ToDictionary(
        family => family.ToString().ToLowerInvariant(),
        family =>
        {
            var window = _windows[(int)family];
            lock (window)
                return window.Counts;
        });

    public void Reset()
    {
        for (var i = 0; i < _windows.Length; i++)
            _windows[i] = new Window();
    }

    private sealed class Window
    {
        private readonly Queue<DateTimeOffset> _received = new();
        private readonly Queue<DateTimeOffset> _admitted = new();

        public FamilyCounts Counts { get; private set; } = new(0, 0, 0, 0, 0);

        public bool Admit(DateTimeOffset now, int limit)
        {
            Forget(_received, now);
            Forget(_admitted, now);
            _received.Enqueue(now);
            var admit = _admitted.Count < limit;
            if (admit)
                _admitted.Enqueue(now);
            Counts = new FamilyCounts(
                Counts.Received + 1, Counts.Admitted + (admit ? 1 : 0), Counts.Throttled + (admit ? 0 : 1),
                Math.Max(Counts.PeakReceived, _received.Count), Math.Max(Counts.PeakAdmitted, _admitted.Count));
            return admit;
        }

        private static void Forget(Queue<DateTimeOffset> times, DateTimeOffset now)
        {
            while (times.TryPeek(out var oldest) && oldest <= now - Span)
                times.Dequeue();
        }
    }
}
