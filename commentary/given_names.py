"""Words for telling a person's name from other words with a capital letter. All lower case."""

# Frequent given names of children and young people in England, of families from many countries.
GIVEN = frozenset(
    """
aaliyah aaron abbey abbie abby abdi abdirahman abdul abdullah abdullahi abel abi abigail abu adam ade adele aden
adnan adrian agnes ahmad ahmed aidan aiden aimee aisha aisling alan alana albert aleksander aleksandr aleksandra
alex alexa alexander alexandra alexandru alexia alexis alfie alfred ali alice alicia alina alisa alisha alison
aliyah allan alyssa amaan amal amani amara amber amelia amelie amina aminah amir amira amirah amy ana anas anastasia
andre andrea andreea andrei andrew andrzej anna annabel annabelle annie anthony anton antoni antonio anya aoife
april archer archie arham aria ariana arjun arlo armaan arman arthur arya asad asha asher ashleigh ashley ashton
asif asiya asma astrid athena aurora austin autumn ava avery awais ayaan ayan ayesha ayla aylin ayub azaan aziz
bailey barnaby bartek bartosz beatrice beau becky bella ben benjamin beth bethan bethany betsy bianca bilal billy
blake bobby bogdan bonnie brandon brayden brendan brian brianna brody bronte brooke bruno bryony caden caiden
caitlin caitlyn caleb callie callum cameron camilla carl carla carlos carly caroline carter casey casper cassie
catherine cerys chanel chantelle charity charles charley charlie charlotte chelsea cheryl chloe chris christian
christina christopher cian ciara claire clara cody cole colin conner connor conor constance cora corey courtney
craig cristian crystal daisy dale damian damien damon daniel daniela daniella danielle danny dara darcey darcy daria
darius dariusz darragh darren david dawid dawud dean deborah declan delilah demi denis dennis denzel dexter diana
diego dilan dina dominic dominik dominika donna dorothy dougie dylan ebony eden edie edith edward edwin eesa efan
eilidh eira eleanor elena eleni eli eliana elias elijah elin eliot elisa elise eliza elizabeth ella elle ellen
elliana ellie elliot elliott ellis elodie eloise elsa elsie elvis emil emilia emilie emilis emily emma emmanuel
emmett emre eric erica erik erin esmae esme esmee esther ethan eva evan evangeline eve evelyn evie ezra fabian
faisal faith faiza faizan farah farhan faris fatima fatimah fatma felicity felix fernando filip fin finlay finley
finn fiona fleur flora florence frances francesca francis frank frankie franklin fraser fred freddie freddy
frederick freya fynley gabriel gabriela gabriella gabrielle gareth gary gavin gemma gene george georgia georgiana
georgie georgina gerard gethin giovanni giulia grace gracie graham grayson greta grzegorz gurpreet gwen hadi hafsa
haider hallie hamish hamza hana hani hania hanna hannah harlan harleigh harley harmony haroon harper harriet harris
harrison harry harvey hasan hassan hattie haya hayden hayley hazel heather heidi helen helena henry henryk hoda
holly hope hubert hudson hugh hugo humza hussain hussein ian ibrahim ida idris ifeoma igor ike imaan iman imani
imogen imran inaaya inaya ines ioan ioana ion ira irene irfan iris isaac isabel isabella isabelle isaiah isha ishaan
isla ismail isobel isobelle israel issa ivan ivy iwan izaan izabela izabella izzy jac jace jack jackson jacob
jacqueline jade jaden jadon jai jaiden jake jakob jakub james jameson jamie jan jana janet jared jas jasmin jasmine
jason jasper javier jax jaxon jaxson jay jayce jayda jayden jaylen jean jed jemima jenna jennifer jenny jenson
jeremiah jeremy jermaine jerome jesse jessica jessie jibril jim jimmy jo joan joanna joanne jody joe joel joey john
johnny jon jonah jonas jonathan jordan jordanne josef joseph josephine josh joshua josiah jovan joy juan juanita
jude judith julia julian julie juliet juliette juma junaid junior justin kacey kacper kaden kai kaia kaiden kaitlin
kaitlyn kaleb kamal kamil kamila kara kareem karen karim karina karl karol karolina kasey kasia katarzyna kate
katelyn katherine kathleen kathryn katie katrina katy katya kaya kaydee kayden kayla kaylee kayleigh kaylum keanu
keeley keira keiran keith kelechi kelly kelsey kelvin ken kenan kendra kenneth kenzie keris kevin keziah khadija
khadijah khalid khalil kian kiana kiera kieran kieron kim kimberley kimberly kinga kira kirsty kit klara klaudia
konrad korey krish kristian kristina krystian krzysztof kwame kyan kye kyle kylie kyra kyran kyron lacey lacie laila
lana lance lara larissa latisha laura lauren lawrence layla layton lea leah leanne lee leia leigh leila leilani lena
lennie lennon lenny leo leon leona leonard leonardo leroy lesley leticia levi lewis lexi lexie leyla leyton lia liam
libby lila lilah lilian liliana lillian lillie lilly lily lina lincoln linda lisa liwia lizzie lloyd lochlan logan
lois lola lorenzo lottie louie louis louisa louise luca lucas lucia lucian lucie lucy ludwik luis luisa luka lukas
lukasz luke luna lydia lyla lyra maciej mackenzie macy maddie maddison madeleine madeline madiha madison mae maeve
magda magdalena maggie mahmoud mahnoor maia maisie maisy maja malachi malachy malaika malak malik marcel marcin
marco marcus marek margaret margot maria mariah mariam marie marina mario marissa marius mark marko marley marnie
martha martin martyna marvin mary maryam maryama maryan mason mateo mateusz mathew matilda matteo matthew maurice
max maximilian maxwell maya mckenzie megan mehdi mehmet melanie melissa melody mia micah michael michaela michal
michalina michelle miguel mihai mikael mikail mikey mikolaj mila milan milena miles miley millie milly milo mina
minnie miriam miruna mitchell mohamed mohammad mohammed molly monica monika montana morgan mouad muhammad muhammed
muna murray musa mustafa mya myla myles myra nabil nadia nadine naomi nasir nasra natalia natalie natalka natasha
nathan nathaniel naveed ned neil nell nellie neve nia niall niamh nicholas nick nicola nicolas nicole nieve nikita
nikki nikodem nikola nikolas nina noah noel nojus nolan noor nora norah nur nyah nyla ocean octavia ola olaf olek
oleksandr oliver olivia olivier olivija ollie oluwaseun oluwatobi omar omari orla orlando oscar oskar osman otis
otto owain owen ozan paige paolo parker patricia patrick patryk paul paula pauline pawel payton penelope penny peter
petra peyton phebe philip phillip phoebe phoenix piotr pippa polly poppy precious preston princess priya quinn
rachael rachel radu rafael raheem rahim rahma raja ralph ralphie rania raphael rares rashid raven rayan raymond
rayyan rebecca reece reem reese regan reggie reginald rehan reid remi remy ren renae reuben rex reza rhea rhian
rhiana rhianna rhiannon rhys ria riad ricardo richard rico rihanna riley rio rita river riya roan rob robbie robert
roberto robin robyn rocco rohan roma roman romeo romy ronan ronnie rory rosa rosalie rosanna rose roseanna rosie
rowan roxanne roy ruairi ruben ruby rufus rukaya rupert russell ruth ryan ryker rylan ryland saad saanvi sabrina
sadia sadie safa saffron safiya sahil sahra said saif saira sajid salim sally salma salman sam samantha samia samina
samir samira samuel sana sandra santiago sara sarah saskia saul savannah scarlet scarlett scott sean sebastian
selena selin selina sergio seth shaan shabana shahid shakira shane shania shanice shannon sharon shaun shauna shawn
shay shayan shayla shaylee shelby sheldon sian sidney sienna sierra simon simona simone simran sinead siobhan skye
skyla skylar sofia sofiya sohail solomon sonia sonny sophia sophie spencer stacey stanley stefan stella stephanie
stephen steven stuart sufyan suhayb sulaiman suleiman suleman sultan summer susan susanna sydney syed sylvia szymon
tabitha taha tahir talia tallulah tamara tamika tammy tania tanisha tanya tariq tariro taryn tasha tate tatiana
tayla taylor teagan teddy tegan temitope teresa terry tessa thea theo theodora theodore theresa thiago thomas tia
tiana tianna tiegan tiffany tilly timothy tina tobi tobias toby todd tom tomas tomasz tommy toni tony tori tracey
travis trevor tristan troy tyler tymon tymoteusz tyra tyrell tyrese tyrone tyson umaira umar usman uzair valentina
valerie vanessa vera verity veronica victor victoria viktor viktoria viktorija vincent viola violet vivian vivienne
vlad wade wajid walter warren wendy wesley wiktor wiktoria wilfred willa william willow wilson winnie wojciech
xander xavier yahya yana yara yaseen yasin yasir yasmin yasmina yasmine yosef yousef youssef yuki yunus yusra yusuf
yvonne zac zach zachariah zachary zack zahid zahra zain zaina zainab zak zakariya zara zayn zaynab zeb zeeshan zehra
zena zeynep zion zoe zofia zoya zsofia zubair zunaira zuzanna
""".split()
)

# Given names that are as often another word: on their own they count beside "aged 14", not beside a bare number.
ALSO_WORDS = frozenset(
    """
amber april autumn ben charity chelsea christian crystal dale dean eden faith frank georgia grace harmony harper
hope israel ivy jan jordan joy junior lincoln mark mason max may melody miles montana ocean parker phoenix preston
princess river robin roman rose sierra spencer summer sydney taylor victoria wade warren will
""".split()
)

# Words with a capital letter, at the start of a sentence or by custom, that are nobody's name.
NOT_NAMES = frozenset(
    """
a about abuse across action actions adolescent adolescents adopters adoption adult adults adviser advisers advocate
afghan african after age aged agency ages agreement albanian all allegations also although an and annual another any
apart appendix applicants apprentice april are area areas around as asian assessment assessments at attendance audit
audits august aunt aunts authority average babies baby band because been before being below between black board both
boy boys british brother brothers budget but by calls candidates care carer carers case cases centre centres chair
chief child children claimants cohort college comment commissioner committee company conference conferences contact
contacts contract contracts council councillor court courts current dad daily data date daughter day december
decision decisions definition delays department deputy director directors doctor domestic drivers during each early
education eight either eleven emergency emotional employment ending engagement england english enquiries entries
episodes eritrean escalation europe european even every everyone exactly exclusions executive expected families
family father fathers february female females few fewer fifteen fifth figure figures first five for forms foster
fostering four fourteen framework friday from full funded further future girl girls go going good government grade
graduates green group groups guardian guidance guide had half has have he head health hearings help her here high
him his home homeless homes hospital household households housing how however hub i if immediate improvement in
incidents including independent infant infants initial inspection interview interviews iranian iraqi is issue it
item items its january joint july june just key kingdom kinship known kurdish lad lads lady last late later law
leader leaders learners learning least leaver leavers legal legislation less level levels liquidlogic list local
london long looked looking low lower majority male males manager managers many march may mean meanwhile measure
measures median meeting meetings member members men mental minister minors minute missing mixed monday month months
more mosaic most mother mothers much mum named national neglect neighbours neither new next nine no nobody none nor
north not note notes nothing november now number numbers nurse nursery october of offenders offer office officer
officers officials ofsted older on one only operation or other others our out outcome over overall page panel parent
parenting parents part participants partner partners partnership past path pathway patients per percentage
performance permanence person personal phase physical pilot place placement placements plan plans police policy
polish pool population practice practitioners pre present primary probation procedure process professional programme
project proportion protection protocol provider provision public pupil pupils quality quarter quarterly questions
rate rated rates ratio record recording records red referral referrals region regional register regulation related
report reports request requests requirement residence resident residential residents respite response result results
return returns review reviews roma romanian room round safe safeguarding same saturday scheme school schools score
second secondary section secure see senior seniors september series service services session seven sexual she
sibling siblings signs since single sister sisters six sixteen small so social somali some son south special
specialist spring staff stage standard standards start statistics still strategy strong stronger student students
such sudanese sufficiency suitable sunday supervision support supported syrian system table target targets task
teacher teachers team teams teen teenage teenager teenagers ten tenants term test than that the their them then
there therefore these they third this those though three threshold through thursday time timeliness timescale to
today toddler toddlers together tolerance total town trainees training transition travel trend trust tuesday twelve
twenty twin twins two unaccompanied unborn uncle uncles under unit united until update updated use user users value
values very vietnamese village visit visits volume volunteers ward was we wednesday week weekly weeks welfare were
west what when where whereas whether which while white who whole why winter with within without woman women work
worker workers working workshop worst year years yes yet yorks yorkshire you young younger youngest youngsters your
youth
""".split()
)

# Of those words, the ones that are surnames too.
SURNAMES = frozenset("black day english green long march north page small strong west white winter young".split())

# Two or three capital letters that are no person's initials.
ACRONYMS = frozenset(
    """
AD ADM ALL AM AN AND AP APR AQ ARE AS ASB ASD ASF AT AUG BAF BBC BE BME BOY BUT BY CA CAF CAO CCE CCG CE CEO CFA CFO
CIC CIN CIP CLA CME CMS CP CPD CPP CPS CQC CRM CS CSC CSE CSP CV CYP DA DBS DCS DEC DFE DN DO DOB DV DWP EDT EE EET
EH EHA EHC EHM EHW EIA EO EPO EU EWO EY FC FE FEB FGC FGM FI FII FIS FNP FOI FOR FSM FT FTE GB GCSE GO GP HAD HAS HE
HM HMP HO HR HV IA ICO ICPC ICS ICT ID IF IFA IHA II III IMR IN IQ IRO IS ISA IT ITS ITV IV JAN JD JTA JUL JUN KPI
KS LA LAC LCS LD LGA LP LSC LSCB MAP MAR MARAC MASE MASH MAY ME MET MH MI MP MST MY NE NEET NEW NFA NHS NI NO NOT
NOV NOW NQT NW OBE OCT OF OFS OK OLA OLD ON ONE ONS OOA OR OUR OUT PA PC PD PE PEP PI PLO PM PPA PR PRU PSP QA QC
RCPC REC RHA RI SA SAB SAR SCR SDQ SE SEN SENCO SEP SGO SHA SI SIX SLA SLT SMT SO SOS SQ SRE SW SWE TAC TAF TBC TEN
THE TM TO TV TWO UK UN UP UPN US VC VR VS WAS WE WHO YH YJB YO YOI YOS YOT YP YPA YPS
""".split()
)
