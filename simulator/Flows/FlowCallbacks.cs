using Microsoft.Extensions.Options;

namespace Outdial.Simulator;

/// <summary>The requests that a configured flow makes: popups go out by themselves, the others are waited for. Faults strike each.</summary>
public sealed class FlowCallbacks(
    Agenda agenda, Postman postman, FlowClient client, CallbackFaults faults, FlowQueries queries, FlowSettings settings, TimeProvider clock,
    IOptions<SimulatorOptions> options)
{
    /// <summary>How long a flow waits for a request that never arrives, or arrives too late: its own clock's time.</summary>
    private static readonly TimeSpan StayPatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestStayDelay = TimeSpan.FromSeconds(10);

    /// <summary>Connect's question, and what was understood.</summary>
    /// <returns>null: nothing that can be dialed by.</returns>
    public async Task<DialWhomAnswer?> DialWhom(FlowCall call, Caller caller, string name, string url, string last, ExoPhones own)
    {
        var limit = options.Value.DialWhomTimeout;
        var (asked, record) = await Ask(
            call, caller, new Question("dialwhom", name, url, queries.DialWhom(call, caller.At, last), limit, limit), call.Person, call.Occasion, null);
        var (answer, problem) = asked.Status == StatusCodes.Status200OK ? DialWhomAnswer.Read(asked.ContentType, asked.Body, own) : default;
        lock (call.Callbacks)
        {
            record.Understood = asked.Status is null ? "late" : asked.Status != StatusCodes.Status200OK ? "failed"
                : answer is null ? "invalid" : answer.Numbers.Count == 0 ? "nobody" : "numbers";
            if (problem is not null)
                record.Tries[^1] = record.Tries[^1] with { Problem = problem };
        }
        return answer;
    }

    /// <summary>The branch "we didn't dial anyone".</summary>
    /// <returns>Whether the flow is to wait and ask again.</returns>
    public async Task<bool> Stay(FlowCall call, Caller caller, string url, string last)
    {
        var (asked, record) = await Ask(
            call, caller,
            new Question("stay", "nobody", url, queries.Passthru(call, caller.At, last), options.Value.CallbackTimeout, StayPatience),
            call.Person, call.Occasion, null);
        var stays = asked.Status == StatusCodes.Status200OK;
        lock (call.Callbacks)
            record.Understood = stays ? "stay" : "hang-up";
        return stays;
    }

    /// <summary>The Passthru behind Connect. The flow waits for the answer, whatever it is; one that is lost or late does not hold it up.</summary>
    public async Task Dialed(FlowCall call, Caller caller, DialEnd end, Leg? leg)
    {
        if (DialedUrl(call) is { } url)
            await Ask(
                call, caller,
                new Question("dialed", end.CallType, url, queries.Dialed(call, caller.At, end), options.Value.CallbackTimeout, TimeSpan.Zero),
                leg?.Number ?? call.Person, leg?.Occasion ?? call.Occasion, leg?.Index);
    }

    /// <param name="stage"><c>dial</c>, <c>answered</c> or <c>terminal</c>.</param>
    public void Popup(FlowCall call, string? eventUrl, Leg leg, string stage, DateTimeOffset at)
    {
        if ((eventUrl ?? call.Flow.PopupUrl) is not { } url || (stage == "answered" && !call.Flow.PopupAnswered))
            return;
        var strike = faults.Decide(call.Flow, leg.Number, leg.Occasion, $"popup-{stage}");
        var record = new CallbackRecord("popup", stage, at, at + strike.Delay, 1, strike.Fault) { Dropped = strike.Drop, Leg = leg.Index };
        var address = PassthruQuery.Address(url, FlowQueries.Popup(call, at, leg, stage));
        Write(call, record);
        if (!strike.Drop)
            Send(call, record, address, versioned: false);
        Copy(call, record, strike, address, versioned: false);
    }

    private string? DialedUrl(FlowCall call) =>
        call.Flow.DialedUrl ?? (!call.IsLine && options.Value.PassthruAt is "end" or "both" ? call.Flow.PassthruUrl ?? settings.PassthruUrl : null);

    /// <param name="Event">For the record.</param>
    /// <param name="Timeout">Real time for the answer.</param>
    /// <param name="Patience">How long the flow waits when the request is lost, and how late it may be sent at most.</param>
    private sealed record Question(
        string Kind, string Event, string Url, IReadOnlyList<KeyValuePair<string, string>> Fields, TimeSpan Timeout, TimeSpan Patience);

    private async Task<(Asked Asked, CallbackRecord Record)> Ask(
        FlowCall call, Caller caller, Question question, string person, int occasion, int? leg)
    {
        int sequence;
        lock (call.Callbacks)
            sequence = call.Callbacks.Count;
        var versioned = question.Kind == "dialwhom";
        var strike = faults.Decide(call.Flow, person, occasion, question.Kind, $"-{sequence}");
        if (question.Kind == "stay" && strike.Delay > LongestStayDelay)
            strike = strike with { Delay = LongestStayDelay };   // late, not lost: a slow answer must not end every line
        var record = new CallbackRecord(
            question.Kind, question.Event, caller.At, caller.At + strike.Delay, 1, strike.Fault)
        { Dropped = strike.Drop, Leg = leg };
        var address = PassthruQuery.Address(question.Url, question.Fields);
        Write(call, record);
        Copy(call, record, strike, address, versioned);

        var late = strike.Delay > question.Patience;
        if (late)
            Send(call, record, address, versioned);   // arrives, but the flow has gone on
        if (late || strike.Drop)
        {
            await caller.After(question.Patience);
            return (Asked.Never, record);
        }
        if (strike.Delay > TimeSpan.Zero && !await caller.Reach(record.DueAt))
        {
            lock (call.Callbacks)
                record.GivenUp = true;   // the caller left before it was sent
            return (Asked.Never, record);
        }
        var sent = clock.GetUtcNow();
        var asked = await client.Ask(address, versioned, question.Timeout, caller.Stop);
        caller.CatchUp();
        lock (call.Callbacks)
        {
            record.Tries.Add(new CallbackTry(sent, asked.Status, asked.Problem));
            record.GivenUp = !record.Delivered;
        }
        call.FirstCallback.TrySetResult();
        return (asked, record);
    }

    private void Copy(FlowCall call, CallbackRecord record, Strike strike, Uri address, bool versioned)
    {
        if (strike.CopyAfter is not { } after)
            return;
        var copy = new CallbackRecord(
            record.Kind, record.Event, record.At, record.DueAt + after, 2, FaultRates.Name(Fault.Duplicate))
        { Leg = record.Leg };
        Write(call, copy);
        Send(call, copy, address, versioned);
    }

    private void Send(FlowCall call, CallbackRecord record, Uri address, bool versioned)
    {
        var letter = new Letter(call.Sid, () => FlowClient.Request(address, versioned), record, call, Repeats: false);
        if (record.DueAt <= clock.GetUtcNow())
            postman.Post(letter);
        else
            agenda.At(record.DueAt, () => postman.Post(letter));
    }

    private static void Write(FlowCall call, CallbackRecord record)
    {
        lock (call.Callbacks)
            call.Callbacks.Add(record);
    }
}
