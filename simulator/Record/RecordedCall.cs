namespace Outdial.Simulator;

/// <summary>A call of any dialect, as the record, the summary and the postman see it.</summary>
public interface IRecordedCall
{
    /// <summary>The provider's id of it.</summary>
    string Sid { get; }

    /// <summary>The person's number, E.164.</summary>
    string Person { get; }

    /// <summary>What the client can tell its attempt by: the <c>CustomField</c>, or the address for this call's events.</summary>
    string? Mark { get; }

    /// <summary>The caller ID was of the person's own circle.</summary>
    bool IsLocal { get; }

    DateTimeOffset CreatedAt { get; }

    /// <summary>May lie ahead, for a call whose whole life is planned; null when nobody can know it yet.</summary>
    DateTimeOffset? EndsAt { get; }

    bool IsAnswered { get; }

    /// <summary>How it ended or will end: <c>completed</c>, <c>busy</c>, <c>no-answer</c> or <c>failed</c>.</summary>
    string FinalStatus { get; }

    /// <summary>What its callbacks came to; also the lock for reading and changing them.</summary>
    List<CallbackRecord> Callbacks { get; }

    /// <summary>Set when a callback has been tried for the first time.</summary>
    TaskCompletionSource FirstCallback { get; }

    CallView View(DateTimeOffset now);
}
