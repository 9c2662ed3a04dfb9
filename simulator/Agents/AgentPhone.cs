using System.Text.Json.Serialization;

namespace Outdial.Simulator;

/// <summary>How a simulated agent behaves on the phone. Durations in seconds of virtual time, shares in [0, 1].</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AgentPhone
{
    /// <summary>In place of a number: the provider names none.</summary>
    public const string Nobody = "none";

    /// <summary>An agent who is away misses so many calls in a row.</summary>
    private const int AwayFor = 4;

    public static readonly IReadOnlyList<string> Moments = ["call", "ringing", "hold", "asking"];

    /// <summary>Any form that the provider reads; kept as E.164.</summary>
    public string Number { get; init; } = "";

    /// <summary>How long the phone rings before the agent picks up or declines.</summary>
    public int RingSeconds { get; init; } = 3;

    /// <summary>Of all calls: picked up. null: all that are not declined. What is neither rings out.</summary>
    public double? Answers { get; init; }

    /// <summary>Of all calls: declined.</summary>
    public double Declines { get; init; }

    /// <summary>The agent hangs the line up around its n-th dialing; null: never.</summary>
    public int? HangUpAfterCalls { get; init; }

    /// <summary>
    /// When: <c>ringing</c> (while the n-th lead's phone rings), <c>call</c> (in the middle of the n-th conversation or the
    /// next there is), <c>hold</c> (right after the n-th dialing), <c>asking</c> (while the flow asks whom to dial next).
    /// </summary>
    public string HangUpDuring { get; init; } = "hold";

    /// <summary>After a conversation the agent declines calls to the phone for so long.</summary>
    public int WrapUpSeconds { get; init; }

    /// <summary>So many of the first calls to the phone are not picked up.</summary>
    public int MissesFirst { get; init; }

    /// <summary>The number that the provider names in place of this one, or <see cref="Nobody"/> for none; null: it names this one.</summary>
    public string? ForwardedTo { get; init; }

    public string? Problem() =>
        !PhoneNumbers.TryRead(Number, out _) ? $"number '{Number}' must be like 09876543210 or +919876543210."
        : RingSeconds is < 1 or > 60 ? "ringSeconds must be from 1 to 60."
        : Declines is not (>= 0 and <= 1) ? "declines must be from 0 to 1."
        : Answers is { } share && !(share >= 0 && share + Declines <= 1) ? "answers must be from 0 to 1, and with declines at most 1."
        : HangUpAfterCalls is < 1 ? "hangUpAfterCalls must be 1 or more, or absent."
        : !Moments.Contains(HangUpDuring) ? $"hangUpDuring is '{HangUpDuring}'; there are {string.Join(", ", Moments)}."
        : MissesFirst < 0 ? "missesFirst must be 0 or more."
        : ForwardedTo is not (null or Nobody) && !PhoneNumbers.TryRead(ForwardedTo, out _) ? $"forwardedTo '{ForwardedTo}' must be a number, or none."
        : WrapUpSeconds is < 0 or > 3600 ? "wrapUpSeconds must be from 0 to 3600."
        : null;

    /// <summary>What the agent does with a call, by the dice of seed, number and occasion.</summary>
    /// <param name="ringLimit">Seconds it may ring.</param>
    public Reaction React(long seed, int occasion, int ringLimit, FaultPlan faults)
    {
        var roll = Dice.Roll(seed, Number, occasion, "agent");
        var away = faults.Strikes(Fault.AgentMisses, Number, (occasion - 1) / AwayFor);
        if (away)
            faults.Count(Fault.AgentMisses);
        var ending = away || occasion <= MissesFirst ? roll < 0.5 ? Ending.Busy : Ending.NoAnswer
            : roll < Declines ? Ending.Busy : roll < Declines + (Answers ?? 1 - Declines) ? Ending.Answered : Ending.NoAnswer;
        if (ending != Ending.NoAnswer && RingSeconds > ringLimit)
            ending = Ending.NoAnswer;
        return new Reaction(ending, 1, ending == Ending.NoAnswer ? ringLimit : RingSeconds, 0, 0, 0, FlowEnd.CallAttempt, false, null);
    }
}
