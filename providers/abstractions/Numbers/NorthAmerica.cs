using System.Collections.Frozen;

namespace Outdial.Providers;

/// <summary>What an area code of the North American numbering plan tells: country, and the time zone where it lies in one only.</summary>
/// <remarks>
/// Source: NANPA's area code assignments. Area codes that span two zones, or parts that keep another clock (850, 208, 701,
/// 928, 418, …), are left out of the zone table on purpose: an hour too early is a call at night.
/// </remarks>
internal static class NorthAmerica
{
    private static readonly FrozenSet<string> Canadian = Codes(
        "204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 387 403 416 418 428 431 437 438 450 460 468 474 506 514 " +
        "519 548 579 581 584 587 604 613 639 647 672 683 705 709 742 753 778 780 782 807 819 825 851 867 873 879 902 905 942");

    /// <summary>Other countries under +1: they look domestic and are billed as international.</summary>
    private static readonly FrozenSet<string> Elsewhere = Codes(
        "242 246 264 268 284 345 441 473 649 658 664 721 758 767 784 809 829 849 868 869 876");

    private static readonly FrozenDictionary<string, string> Zones = new Dictionary<string, string>
    {
        ["America/New_York"] =
            "201 202 203 207 212 215 216 220 223 227 229 234 239 240 252 267 272 276 283 301 302 304 305 315 321 324 326 329 330 " +
            "332 336 339 347 351 352 363 380 386 401 404 407 410 412 413 419 434 436 440 443 445 470 472 475 478 484 508 513 516 " +
            "518 540 551 561 567 570 571 582 585 603 607 609 610 614 617 624 631 640 645 646 656 667 678 680 681 686 689 703 704 " +
            "706 716 717 718 724 727 728 732 740 743 754 757 762 770 771 772 774 781 786 802 803 804 813 814 821 826 828 835 838 " +
            "839 843 845 848 854 856 857 859 860 862 863 864 865 878 904 908 910 912 914 917 919 929 934 937 941 943 948 954 959 " +
            "973 978 980 984",
        ["America/Detroit"] = "231 248 269 313 517 586 616 679 734 810 947 989",
        ["America/Indiana/Indianapolis"] = "260 317 463",
        ["America/Kentucky/Louisville"] = "502",
        ["America/Chicago"] =
            "205 210 214 217 218 224 225 228 251 254 256 262 274 281 309 312 314 316 318 319 320 325 327 331 334 337 346 353 361 " +
            "402 405 409 414 417 430 447 457 464 469 471 479 501 504 507 512 515 531 534 539 557 563 572 573 601 608 612 615 618 " +
            "629 630 636 641 651 659 660 662 682 708 712 713 715 726 730 731 737 763 769 773 779 806 815 816 817 830 832 847 861 " +
            "870 872 901 903 913 918 920 924 936 938 940 945 952 956 972 975 979 985",
        ["America/Denver"] = "303 307 385 406 435 505 575 719 720 801 915 970 983",
        ["America/Phoenix"] = "480 520 602 623",
        ["America/Los_Angeles"] =
            "206 209 213 253 279 310 323 341 350 357 360 369 408 415 424 425 442 503 509 510 530 559 562 564 619 626 628 650 657 " +
            "661 669 702 707 714 725 738 747 760 805 818 820 831 837 840 858 909 916 925 949 951 971",
        ["Pacific/Honolulu"] = "808",
        ["America/Puerto_Rico"] = "787 939",
        ["America/St_Thomas"] = "340",
        ["Pacific/Guam"] = "671",
        ["Pacific/Saipan"] = "670",
        ["Pacific/Pago_Pago"] = "684",
        ["America/Toronto"] = "226 249 263 289 343 354 365 382 416 437 438 450 468 514 519 548 579 613 647 683 705 742 753 819 873 905 942",
        ["America/Winnipeg"] = "204 431 584",
        ["America/Edmonton"] = "368 403 587 780 825",
        ["America/Vancouver"] = "604",
        ["America/Moncton"] = "428 506",
        ["America/Halifax"] = "782 902",
    }
    .SelectMany(zone => zone.Value.Split(' '), (zone, code) => KeyValuePair.Create(code, zone.Key))
    .ToFrozenDictionary();

    /// <summary>US or CA; null for an area code that cannot be, belongs to another country, or is a premium service.</summary>
    public static string? Region(ReadOnlySpan<char> areaCode)
    {
        var code = areaCode.ToString();
        if (code[0] < '2' || code[1] == '9' || (code[1] == '1' && code[2] == '1')   // N9X is kept for longer numbers, N11 are services
            || code is ['3', '7', _] or ['9', '6', _] or "900" || Elsewhere.Contains(code))
            return null;
        return Canadian.Contains(code) ? "CA" : "US";
    }

    public static string? TimeZone(ReadOnlySpan<char> areaCode) => Zones.GetValueOrDefault(areaCode.ToString());

    private static FrozenSet<string> Codes(string list) => list.Split(' ').ToFrozenSet();
}
