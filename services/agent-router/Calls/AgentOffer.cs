using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Outdial.Contracts;
using Outdial.Providers;

namespace Outdial.AgentRouter.Calls;

/// <summary>An agent's phone rings, or is about to, for one caller. It holds while the session is Dialing or OnCall.</summary>
internal sealed class AgentOffer
{
    public Guid SessionId { get; init; }

    /// <summary>The inbound call, or the attempt of a customer who was called first.</summary>
    public Guid CallId { get; init; }

    public Guid AgentId { get; init; }

    /// <summary>E.164. Personal data.</summary>
    public required string Phone { get; init; }

    /// <summary>1, 2, 3 … in the order of the answer.</summary>
    public int Place { get; init; }

    /// <summary>When the flow asked that got this agent, by the provider's clock.</summary>
    public DateTimeOffset AskedAt { get; init; }

    public DateTimeOffset OfferedAt { get; init; }

    /// <summary>The phone rings and talks no more, by the provider's clock; whether it was answered is not known yet.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }

    /// <summary>What the flow named as dialed last when it asked, E.164; null: nobody. Personal data.</summary>
    public string? AskedAfter { get; init; }

    /// <summary>The word is about this ringing or a later one, and not a late one about an earlier.</summary>
    /// <param name="since">Since when the call is known, by our clock.</param>
    public bool IsRungBy(IProviderEvent word, DateTimeOffset since)
    {
        if (AskedAt < since - ForeignClock.Drift)
            return word.OccurredAt >= AskedAt;   // a clock of its own: only its own instants can be compared
        var (at, begun) = (ForeignClock.Near(word.OccurredAt, since, word.ReceivedAt), since - ForeignClock.Precision);
        // Said to be older than the call itself, by a clock that is not the question's: then it is only known when it was heard.
        return at < begun && AskedAt >= begun ? word.ReceivedAt >= OfferedAt : at >= AskedAt;
    }

    /// <summary>
    /// The request repeats the one that was answered, and gets the same answer. One that is newer and names somebody as dialed since, or
    /// comes much later, says that the dialing is over.
    /// </summary>
    public bool IsStillMeantBy(DialWhomRequest request, TimeSpan sameWithin) =>
        request.AskedAt <= AskedAt || (!IsDialedSince(request) && !request.TalkedBefore && request.AskedAt - AskedAt < sameWithin);

    /// <summary>The newer request names somebody as dialed since: this phone, by whatever number.</summary>
    public bool IsDialedSince(DialWhomRequest request) => request.LastDialed is { } last && (last == Phone || last != AskedAfter);
}

internal sealed class AgentOfferMapping : IEntityTypeConfiguration<AgentOffer>
{
    public void Configure(EntityTypeBuilder<AgentOffer> builder)
    {
        builder.ToTable("agent_offers").HasKey(o => o.SessionId);
        builder.Property(o => o.SessionId).ValueGeneratedNever();
    }
}
