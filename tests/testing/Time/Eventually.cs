using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Outdial.Testing;

/// <summary>Waits for what must become true. The only place where tests wait by looking again.</summary>
public static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    /// <summary>A deadline long enough for a loaded machine: it costs time only when the test fails.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Returns when the condition holds.</summary>
    /// <param name="condition">Looked at again and again; what it throws ends the wait.</param>
    /// <param name="deadline">Real time; <see cref="Patience"/> when not given.</param>
    /// <param name="what">What was waited for, for the failure's message.</param>
    /// <exception cref="TimeoutException">The deadline passed; names what was waited for.</exception>
    public static async Task Async(
        Func<Task<bool>> condition, TimeSpan? deadline = null, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var limit = deadline ?? Patience;
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            if (waited.Elapsed > limit)
                throw new TimeoutException($"After {limit.TotalSeconds:0.#} s it is still not so: {what}");
            await Task.Delay(Interval, TimeProvider.System);
        }
    }

    /// <inheritdoc cref="Async(Func{Task{bool}}, TimeSpan?, string)"/>
    public static Task Async(Func<bool> condition, TimeSpan? deadline = null, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Async(() => Task.FromResult(condition()), deadline, what);

    /// <summary>Returns the value as soon as there is one.</summary>
    /// <inheritdoc cref="Async(Func{Task{bool}}, TimeSpan?, string)"/>
    public static async Task<T> Some<T>(Func<Task<T?>> find, TimeSpan? deadline = null, [CallerArgumentExpression(nameof(find))] string what = "")
        where T : class
    {
        T? found = null;
        await Async(async () => (found = await find()) is not null, deadline, what);
        return found!;
    }
}
