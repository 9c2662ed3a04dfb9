using System.ComponentModel.DataAnnotations;
using Outdial.Contracts;
using Outdial.Platform;

namespace Outdial.Pacer.Campaigns;

/// <summary>A campaign's work with agents as people ask for it. What is left out takes the default of <see cref="AgentRules"/>.</summary>
internal sealed record AgentRulesRequest
{
    /// <summary>Power: calls placed for each free agent, 1 to 10; left out: 1.5.</summary>
    [Range(1.0, 10.0)]
    public double? Ratio { get; init; }

    /// <summary>The largest share of answered calls that may be dropped, 0 to 1; left out: 0.03.</summary>
    [Range(0.0, 1.0)]
    public double? DropLimit { get; init; }

    /// <summary>Over which time the drops are counted; left out: the whole campaign.</summary>
    public string? DropWindow { get; init; }

    /// <summary>Who answers and hears no agent within this time counts as dropped; left out: <c>00:00:02</c>.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan? ConnectWithin { get; init; }

    /// <summary>So many waiting leads more than free agents pause the campaign; left out: reckoned from the number of agents.</summary>
    [Range(1, int.MaxValue)]
    public int? QueueHigh { get; init; }

    /// <summary>So few waiting leads let it go on, less than queueHigh; left out: a quarter of it.</summary>
    [Range(0, int.MaxValue)]
    public int? QueueLow { get; init; }

    /// <summary>How long the queue must have been that short; left out: it goes on at once.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan? QueueDwell { get; init; }

    /// <summary>How the provider is told whom to dial; left out: <c>json</c>.</summary>
    [AllowedValues("json", "text")]
    public string? AnswerForm { get; init; }

    /// <summary>Whether conversations are recorded; left out: false.</summary>
    public bool? Record { get; init; }

    /// <summary>The longest conversation; left out: the provider's limit.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:15:00")]
    public TimeSpan? MaxConversation { get; init; }

    /// <summary>For how long an agent gets no call after one; left out: <c>00:00:15</c>.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:30:00")]
    public TimeSpan? WrapUp { get; init; }

    /// <summary>Preview: how long a lead may be looked at; left out: <c>00:02:00</c>.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:30:00")]
    public TimeSpan? PreviewTime { get; init; }

    /// <summary>The skill that an agent needs, 1 to 100 characters; left out: none.</summary>
    [StringLength(100, MinimumLength = 1)]
    public string? Skill { get; init; }

    /// <summary>What an agent may say came of a conversation, at most 100 words; left out: none.</summary>
    [MaxLength(MostDispositions)]
    public List<DispositionCodeRequest?>? Dispositions { get; init; }

    /// <summary>Leads that are held ready for each agent at work, 1 to 50; left out: 2.</summary>
    [Range(1, 50)]
    public int? HopperPerAgent { get; init; }

    /// <summary>How long a personal call-back waits for its agent before anyone may dial it; left out: <c>00:30:00</c>.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan? PersonalFor { get; init; }

    private const int MostDispositions = 100;

    /// <summary>Providers end any conversation then.</summary>
    private static readonly TimeSpan LongestConversation = TimeSpan.FromSeconds(4500);

    /// <summary>All that is wrong, field by field; empty when nothing is.</summary>
    public IEnumerable<FieldProblem> Check(string mode)
    {
        List<FieldProblem> wrong = [];
        void Must(bool holds, string field, object? value, string expected)
        {
            if (!holds)
                wrong.Add(FieldProblem.Of($"agents.{field}", value, expected));
        }

        void Within(TimeSpan? value, string field, TimeSpan least, TimeSpan most) =>
            Must(value is null || (value >= least && value <= most), field, value, $"{least:c} to {most:c}");

        Must(Ratio is null || mode == CampaignModes.Power, "ratio", Ratio, $"nothing: a {mode} campaign dials one lead for each free agent");
        Must(mode != CampaignModes.Power || Ratio is null or (>= 1 and <= 10), "ratio", Ratio, "1 to 10 calls for each free agent");
        Must(DropLimit is null or (>= 0 and <= 1), "dropLimit", DropLimit, "a share from 0 to 1, such as 0.03");
        Must(DropWindow is null || Campaigns.DropWindow.IsValid(DropWindow), "dropWindow", DropWindow, Campaigns.DropWindow.Expected);
        Within(ConnectWithin, "connectWithin", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Must(QueueHigh is null or >= 1, "queueHigh", QueueHigh, "1 or more waiting leads");
        Must(QueueLow is null || (QueueLow >= 0 && (QueueHigh is null || QueueLow < QueueHigh)), "queueLow", QueueLow,
            "0 or more, and less than queueHigh");
        Within(QueueDwell, "queueDwell", TimeSpan.Zero, TimeSpan.FromMinutes(10));
        Must(AnswerForm is null or "json" or "text", "answerForm", AnswerForm, "json or text");
        Within(MaxConversation, "maxConversation", TimeSpan.FromSeconds(10), LongestConversation);
        Within(WrapUp, "wrapUp", TimeSpan.Zero, TimeSpan.FromMinutes(30));
        Within(PreviewTime, "previewTime", TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(30));
        Must(Skill is null || (Skill.Trim() != "" && Skill.Length <= 100), "skill", Skill, "a skill of 1 to 100 characters, or nothing");
        Must(HopperPerAgent is null or (>= 1 and <= 50), "hopperPerAgent", HopperPerAgent, "1 to 50 leads");
        Within(PersonalFor, "personalFor", TimeSpan.Zero, TimeSpan.FromDays(7));
        Must(Dispositions is not { Count: > MostDispositions }, "dispositions", $"{Dispositions?.Count} codes", $"at most {MostDispositions} codes");
        foreach (var (disposition, index) in (Dispositions ?? []).Take(MostDispositions).Select((d, i) => (d ?? new(), i)))
        {
            Must(disposition.Code is { Length: >= 1 and <= 50 } code && code.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'),
                $"dispositions[{index}].code", disposition.Code, "1 to 50 letters, digits, - and _");
            Must(disposition.Label is null or { Length: >= 1 and <= 100 }, $"dispositions[{index}].label", disposition.Label, "1 to 100 characters");
            Must(Dispositions!.Take(index).All(d => !string.Equals(d?.Code, disposition.Code, StringComparison.OrdinalIgnoreCase)),
                $"dispositions[{index}].code", disposition.Code, "a code that no other disposition of the campaign has");
        }

        return wrong;
    }

    /// <summary>The request that would make these rules.</summary>
    public static AgentRulesRequest Of(AgentRules rules, string mode) => new()
    {
        Ratio = mode == CampaignModes.Power ? rules.Ratio : null,
        DropLimit = rules.DropLimit,
        DropWindow = rules.DropWindow,
        ConnectWithin = rules.ConnectWithin,
        QueueHigh = rules.QueueHigh,
        QueueLow = rules.QueueLow,
        QueueDwell = rules.QueueDwell,
        AnswerForm = rules.AnswerForm,
        Record = rules.Record,
        MaxConversation = rules.MaxConversation,
        WrapUp = rules.WrapUp,
        PreviewTime = rules.PreviewTime,
        Skill = rules.Skill,
        Dispositions =
            [.. rules.Dispositions.Select(d => new DispositionCodeRequest { Code = d.Code, Label = d.Label, AsksCallBack = d.AsksCallBack })],
        HopperPerAgent = rules.HopperPerAgent,
        PersonalFor = rules.PersonalFor,
    };

    /// <summary>The rules that a checked request asks for.</summary>
    public AgentRules Rules()
    {
        var none = new AgentRules();
        return new()
        {
            Ratio = Ratio ?? none.Ratio,
            DropLimit = DropLimit ?? none.DropLimit,
            DropWindow = DropWindow ?? none.DropWindow,
            ConnectWithin = ConnectWithin ?? none.ConnectWithin,
            QueueHigh = QueueHigh,
            QueueLow = QueueLow,
            QueueDwell = QueueDwell,
            AnswerForm = AnswerForm ?? none.AnswerForm,
            Record = Record ?? none.Record,
            MaxConversation = MaxConversation,
            WrapUp = WrapUp ?? none.WrapUp,
            PreviewTime = PreviewTime ?? none.PreviewTime,
            Skill = Skill?.Trim(),
            Dispositions = [.. (Dispositions ?? []).OfType<DispositionCodeRequest>()
                .Select(d => new Disposition(d.Code!, d.Label ?? d.Code!, d.AsksCallBack))],
            HopperPerAgent = HopperPerAgent ?? none.HopperPerAgent,
            PersonalFor = PersonalFor ?? none.PersonalFor,
        };
    }
}

/// <summary>A word that agents say of a conversation.</summary>
internal sealed record DispositionCodeRequest
{
    /// <summary>1 to 50 letters, digits, - and _; unique in the campaign.</summary>
    [Required, StringLength(50, MinimumLength = 1)]
    public string? Code { get; init; }

    /// <summary>What the agent reads; left out: the code.</summary>
    [StringLength(100, MinimumLength = 1)]
    public string? Label { get; init; }

    /// <summary>Whether it asks for the instant of a call-back; left out: false.</summary>
    public bool AsksCallBack { get; init; }
}
