using System.ComponentModel.DataAnnotations;

namespace Outdial.Simulator.PortaSwitch;

/// <summary>Configuration section <c>Simulator:PortaSwitch</c>. Durations are virtual time, see <see cref="AcceleratedClock"/>.</summary>
public sealed class PortaSwitchOptions
{
    [Required] public string Login { get; set; } = "outdial";
    [Required] public string Password { get; set; } = "simulator-password";

    /// <summary>Taken in place of the password.</summary>
    [Required] public string Token { get; set; } = "simulator-token";

    /// <summary>The account whose auto attendant sends callers into the queue; <c>bill_id</c> and <c>caller_id</c> must name it.</summary>
    [Required] public string AutoAttendantId { get; set; } = "918047850000";

    /// <summary>The only <c>i_customer</c>.</summary>
    [Range(1, long.MaxValue)] public long CustomerId { get; set; } = 1001;

    /// <summary>The queue's number, <c>i_c_queue</c>.</summary>
    [Range(1, long.MaxValue)] public long QueueId { get; set; } = 77;

    /// <summary>How long an access token is good for.</summary>
    public TimeSpan TokenLife { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long after its last use a refresh token is good for.</summary>
    public TimeSpan RefreshLife { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Whether events come wrapped in <c>call_info</c>.</summary>
    public bool WrapEvents { get; set; } = true;

    /// <summary>Whether the customer has API notifications; without them live calls cannot be listed.</summary>
    public bool Notifications { get; set; } = true;

    /// <summary>Seconds a customer's phone rings at most.</summary>
    [Range(1, 300)] public int RingSeconds { get; set; } = 30;

    /// <summary>Mean seconds that a customer waits in the queue before hanging up; exponential, at least 5.</summary>
    [Range(5, 36_000)] public int PatienceSeconds { get; set; } = 60;

    /// <summary>The first agent's extension, digits; the others follow it.</summary>
    [Required, RegularExpression("^[1-9][0-9]{2,14}$")] public string FirstExtension { get; set; } = "918047851001";

    /// <summary>The staffing at the start; see <see cref="Staffing"/>. Also set by <c>PUT /simulator/portaswitch/agents</c>.</summary>
    public Staffing Agents { get; set; } = new();
}

/// <summary>Who answers the queue.</summary>
public sealed record Staffing
{
    /// <summary>How many agents are there.</summary>
    [Range(0, 10_000)] public int Count { get; init; } = 10;

    /// <summary>Seconds an agent's phone rings until it is answered or declined.</summary>
    [Range(0, 120)] public int AnswerSeconds { get; init; } = 2;

    /// <summary>Of all calls offered to an agent: declined or not answered. In [0, 1].</summary>
    [Range(0.0, 1.0)] public double Declines { get; init; }

    /// <summary>Seconds after a conversation until the agent is free.</summary>
    [Range(0, 3600)] public int WrapUpSeconds { get; init; } = 5;

    /// <summary>Seconds without an offer for an agent who declined one.</summary>
    [Range(0, 3600)] public int DeclinePauseSeconds { get; init; } = 10;
}
