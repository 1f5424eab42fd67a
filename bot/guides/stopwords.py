"""Words that stand in every text and tell nothing about it, by language: a search for a sentence looks past them.

Another language is one more entry; without one, its short words are looked for like all others.
"""

from __future__ import annotations

from collections.abc import Mapping

_ENGLISH = """
a about after again all also always am an and any anybody anyone anything are aren as at be because been before being
both but by can cannot could couldn d did didn do does doesn doing don done else every everybody everyone everything few
for from get gets getting go goes going got had has hasn have haven having he her here hers him his how i if in into is
isn it its just let like ll m make makes many may me might mine more most much must my need needs never no nobody nor
not nothing now of off on once one only or other others our ours out own please re really s same say says she should
shouldn so some somebody someone something still such t tell tells than that the their theirs them then there these they
thing things this those through to too under until up us very want wants was wasn way we well were weren what when where
which while who whom whose why will with without won would wouldn yes yet you your yours
"""

_GERMAN = """
ab aber alle allem allen aller alles als also am an andere anderen anderer anderes auch auf aus bei beim bin bis bist
bitte da dabei damit danach dann daran darf darin das dass davon dazu dein deine deinem deinen deiner dem den denen denn
der deren des deshalb dessen dich die dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen
einer eines er es etwa etwas euch euer eure eurem euren eurer für gar geht gehen gegen gemacht gibt habe haben hat hatte
hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins ist ja jede jedem jeden jeder jedes
jemand jemandem jemanden jetzt kann kannst kein keine keinem keinen keiner können könnte lassen lässt machen mache macht
man manche mehr mein meine meinem meinen meiner mich mir mit möchte muss müssen nach nein nicht nichts nie niemand noch
nun nur ob oder ohne sagen sagt schon sehr sein seine seinem seinen seiner seit selbst sich sie sind so sollen sollte
soll sondern sonst über um und uns unser unsere unserem unseren unserer unter vom von vor wann war waren warum was weil
welche welchem welchen welcher welches wem wen wenn wer werde werden wie wieder will wir wird wirst wo wohl wollen
worden wurde wurden würde würden zu zum zur zwar zwischen
"""

STOPWORDS: Mapping[str, frozenset[str]] = {"en": frozenset(_ENGLISH.split()), "de": frozenset(_GERMAN.split())}
