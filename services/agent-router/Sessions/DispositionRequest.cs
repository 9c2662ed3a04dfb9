using System.ComponentModel.DataAnnotations;
using Outdial.AgentRouter.Hopper;
using Outdial.Platform;

namespace Outdial.AgentRouter.Sessions;

/// <summary>What an agent says of a conversation; during it, in wrap-up or later. A later word replaces the earlier one.</summary>
internal sealed record DispositionRequest
{
    /// <summary>The call, by the id of its attempt.</summary>
    [Required]
    public Guid? AttemptId { get; init; }

    /// <summary>One of the campaign's codes.</summary>
    public string? Code { get; init; }

    /// <summary>What else there is to say, at most 4000 characters; left out: nothing.</summary>
    [StringLength(4000)]
    public string? Note { get; init; }

    /// <summary>Call again then.</summary>
    public DateTimeOffset? CallBackAt { get; init; }

    /// <summary>The call-back is this agent's own; left out: anyone's.</summary>
    public bool? Personal { get; init; }

    /// <summary>Ends the wrap-up of this call: ready for the next.</summary>
    public bool? Ready { get; init; }

    /// <summary>All that is wrong, field by field; empty when nothing is.</summary>
    internal List<FieldProblem> Check(CampaignRow? campaign, DateTimeOffset now)
    {
        List<FieldProblem> wrong = [];
        var codes = campaign?.Dispositions ?? [];
        var chosen = codes.Find(d => d.Code == Code);
        if (Code is not null && chosen is null)
            wrong.Add(new("code", Code, codes.Count == 0 ? "no code: the campaign has none" : $"one of the campaign's codes: {string.Join(", ", codes.Select(d => d.Code))}"));
        if (Code is null && string.IsNullOrWhiteSpace(Note) && CallBackAt is null)
            wrong.Add(new("code", null, "a code, a note or a time to call back"));
        if (chosen is { AsksCallBack: true } && CallBackAt is null && campaign is not { IsOver: true })
            wrong.Add(new("callBackAt", null, $"a time to call back, because the code '{Code}' asks for one"));
        if (CallBackAt is not null && campaign is { IsOver: true })
            wrong.Add(new("callBackAt", CallBackAt?.ToString("O"), $"nothing, because campaign '{campaign.Name}' is {campaign.State} and calls nobody back: leave it out, and note the wish"));
        if (CallBackAt <= now)
            wrong.Add(new("callBackAt", CallBackAt?.ToString("O"), "an instant in the future"));
        if (Note is { Length: > 4000 })
            wrong.Add(new("note", $"{Note.Length} characters", "at most 4000 characters"));
        return wrong;
    }
}
